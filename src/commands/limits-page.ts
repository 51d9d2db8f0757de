import { scimLimitTable } from '#dialects/scim/limits.ts';
import { domainLimitTable } from '#domain/limits.ts';
import { limitTable } from '#http/limits.ts';
import { markdownTable, pageHead, section } from './markdown.ts';

interface LimitRow {
  readonly value: number;
  readonly unit: string;
  readonly about: string;
}

/** The page of the limits. */
export function limitsPage(): string {
  const about = 'What is beyond a limit is refused after bounded work and changes nothing.';
  return [
    pageHead('Limits', about),
    section('Every request and connection', tableOf(limitTable)),
    section('Every resource', tableOf(domainLimitTable)),
    section('SCIM', 'The longest values of attributes are in [attributes](attributes.md).', tableOf(scimLimitTable)),
  ].join('');
}

function tableOf(limits: Readonly<Record<string, LimitRow>>): string {
  const rows = Object.values(limits).map(({ about, value, unit }) => [about, `${value.toLocaleString('en')} ${unit}`]);
  return markdownTable(['What', 'At most'], rows);
}
