import { formOf, settings } from '#config.ts';
import { code, markdownTable, pageHead } from './markdown.ts';

/** The page of the settings. */
export function settingsPage(): string {
  const rows = Object.values(settings).map((setting) => [
    code(setting.name),
    'default' in setting ? code(setting.default) : '',
    formOf(setting) ?? 'any text',
    `${setting.about}${setting.secret ? ' Secret: shown nowhere.' : ''}`,
  ]);
  const about = [
    'Settings are environment variables, read once when the program starts. An empty one counts as unset.',
    'Mistakes are reported all at once, by name and never with the value.',
  ].join(' ');
  return `${pageHead('Settings', about)}\n${markdownTable(['Setting', 'Default', 'Value', 'Meaning'], rows)}`;
}
