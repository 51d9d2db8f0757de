import type { BadRecord } from '#domain/exported.ts';
import type { ExportFacts } from './export-facts.ts';

/** The list that a file should be. */
export interface WantedList {
  readonly list: BadRecord['list'];
  readonly facts: ExportFacts;
  /** How messages call the file. */
  readonly file: string;
}

/** What comes along from other APIs, by their names. */
export type OtherExports = Readonly<Record<string, ExportFacts>>;

/** A list that the records could be. */
interface Look {
  /** Absent for the API that was chosen. */
  readonly api?: string;
  readonly list: BadRecord['list'];
  readonly fields: readonly string[];
}

/**
 * Sees to it that a list is the wanted one and no other of these APIs: that its records have a field which the other list
 * lacks, unless they have none which only the other has. Throws an Error of one sentence that names what it looks like.
 */
export function checkLooks(records: readonly unknown[], { list, facts, file }: WantedList, others: OtherExports): void {
  const seen = new Set(records.flatMap((record) => (isObject(record) ? Object.keys(record) : [])));
  const own = list === 'people' ? personFields(facts) : groupFields;
  const suspects = looksOf(facts, others)
    .filter((look) => look.api !== undefined || look.list !== list)
    .filter(({ fields }) => !own.some((field) => seen.has(field) && !fields.includes(field)))
    .map((look) => ({ look, signs: look.fields.filter((field) => seen.has(field) && !own.includes(field)).length }))
    .filter(({ signs }) => signs > 0)
    .sort((one, other) => other.signs - one.signs);
  const look = suspects[0]?.look;
  if (look === undefined) return;
  const request = list === 'people' ? facts.request : facts.groups?.request;
  const of = look.api === undefined ? '' : ` of ${look.api}`;
  const choose = look.api === undefined ? '' : `, or choose --dialect ${look.api}`;
  throw new Error(`${file} looks like the list of ${look.list}${of}: give what ${request} answers${choose}`);
}

const groupFields: readonly string[] = ['id', 'name'];

function personFields({ person, lastLogin }: ExportFacts): readonly string[] {
  return [...Object.keys(person), lastLogin];
}

function looksOf(facts: ExportFacts, others: OtherExports): readonly Look[] {
  return [{ facts }, ...Object.entries(others).map(([api, facts]) => ({ api, facts }))].flatMap(
    ({ facts, ...of }): Look[] => [
      { ...of, list: 'people', fields: personFields(facts) },
      ...(facts.groups === undefined ? [] : [{ ...of, list: 'groups', fields: groupFields } as const]),
    ],
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
