import { rightTable } from '#domain/caller.ts';
import { code, markdownTable, pageHead } from './markdown.ts';

/** The page of the rights. */
export function rightsPage(): string {
  const rows = Object.entries(rightTable).map(([right, about]) => [code(right), about]);
  const about = [
    'What a connection may do is what its rights say, no more. `write` is `users`, `groups` and `org_units` together, and',
    '`operator` holds `admin` too. None of them holds `read`: without it nobody is found. What a right is missing for is',
    'answered 403 with the name of the right.',
  ].join(' ');
  return `${pageHead('Rights', about)}\n${markdownTable(['Right', 'What it is for'], rows)}`;
}
