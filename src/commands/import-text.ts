import type { Values } from '#attributes/attribute.ts';
import type { BadRecord, ExportedRecord } from '#domain/exported.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { Holder } from '#domain/match-exported.ts';
import type { ImportPlan, ListPlan, Moved, Refused } from '#operations/import-plan.ts';

/** The option with which those who are in the way get another id. */
export const givesWayOption = '--give-way';

const holders: Readonly<Record<Holder['what'], (name: string) => string>> = {
  resource: (name) => `the number of ${name}, which the file does not have`,
  deleted: () => 'the number of one that is deleted here',
  apiKey: (name) => `the number of the API key ${name}`,
};

type Words<Problem> = (conflict: Extract<Refused<ExportedRecord>['conflict'], { problem: Problem }>) => string;

/** Why a record is left out, and what to do. */
const words: { readonly [Problem in Refused<ExportedRecord>['conflict']['problem']]: Words<Problem> } = {
  deleted: () => 'was brought along before and is deleted here; it stays deleted',
  same_name: () => 'another record of the file is the same; keep one of them',
  several: () => 'more than one here has this e-mail or name; let one of them keep it',
  other_name: () => 'the id is that of one here and the e-mail or name that of another; correct one of them',
  other_key: ({ key }) => `is here already with the id ${key} of this API; an id never changes`,
  key_taken: ({ holder: { what, name } }) =>
    `the id is ${holders[what](name)}; with ${givesWayOption} that one gets another id in this API`,
  failed: ({ message }) => `${message}; run the import again`,
};

/** Why a record is left out, in a sentence. */
export function sayConflict({ conflict }: Refused<ExportedRecord>): string {
  return (words[conflict.problem] as (conflict: Refused<ExportedRecord>['conflict']) => string)(conflict);
}

const shownLines = 10;
const shownNameLength = 100;

/** What an import would do, or did, for a person: how much of each, and the first of each. */
export function writeImport(plan: ImportPlan, isDone: boolean): string {
  const { people, groups, memberships } = plan;
  const lines = [
    ...listLines('people', people, plan.bad),
    ...(countOf(groups) + plan.bad.filter(({ list }) => list === 'groups').length === 0
      ? []
      : listLines('groups', groups, plan.bad)),
    ...(memberships.added + memberships.leftOut === 0 ? [] : [writeMemberships(memberships)]),
    ...(isDone ? [] : ['Nothing is imported yet: add --apply to import it.']),
  ];
  return `${lines.join('\n')}\n`;
}

function listLines(name: BadRecord['list'], plan: ListPlan<ExportedRecord>, allBad: readonly BadRecord[]): string[] {
  const bad = allBad.filter(({ list }) => list === name);
  return [`${name}: ${writeCounts(plan, bad)}`, ...linesOf(plan), ...firstOf(bad.map(writeBad))];
}

/** How many records were left out. */
export function leftOutOf({ people, groups, bad }: ImportPlan): number {
  return people.refused.length + groups.refused.length + bad.length;
}

function countOf({ created, matched, unchanged, refused }: ListPlan<ExportedRecord>): number {
  return created.length + matched.length + unchanged.length + refused.length;
}

function writeCounts(list: ListPlan<ExportedRecord>, bad: readonly BadRecord[]): string {
  const { created, matched, unchanged, refused, moved } = list;
  const optional = [
    [bad.length, 'unusable'],
    [moved.length, 'to get another id'],
  ] as const;
  const superusers = created.filter(({ values }) => isSuperuser(values)).length;
  const ofThese = superusers === 0 ? '' : ` (${superusers} ${superusers === 1 ? 'superuser' : 'superusers'})`;
  return [
    ...[`${created.length} created${ofThese}`, `${matched.length} matched`, `${unchanged.length} unchanged`],
    `${refused.length} in conflict`,
    ...optional.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
  ].join(', ');
}

function writeMemberships({ added, leftOut }: ImportPlan['memberships']): string {
  const without = leftOut === 0 ? '' : `, ${leftOut} left out, since their groups do not come along (--groups)`;
  return `memberships: ${added} added${without}`;
}

function linesOf({ created, matched, refused, moved }: ListPlan<ExportedRecord>): string[] {
  return [
    ...firstOf(created.map(({ record, values }) => `  created   ${nameOf(record)}${writeMarks(values)}`)),
    ...firstOf(matched.map(({ record, differs }) => `  matched   ${nameOf(record)}${writeDiffers(differs)}`)),
    ...firstOf(refused.map((each) => `  conflict  ${nameOf(each.record)}: ${sayConflict(each)}`)),
    ...firstOf(moved.map((each) => `  moved     ${each.key}  ${each.name}: ${writeMove(each)}`)),
  ];
}

/** What nobody should overlook of who is put on the roll. */
function writeMarks(values: Values): string {
  const marks = [...(isSuperuser(values) ? ['superuser'] : []), ...(values.active === false ? ['inactive'] : [])];
  return marks.length === 0 ? '' : ` (${marks.join(', ')})`;
}

function writeMove({ newKey }: Moved): string {
  return newKey === undefined ? 'gets another id in this API, a free one' : `has the id ${newKey} in this API now`;
}

function writeDiffers(differs: readonly string[]): string {
  return differs.length === 0 ? '' : `: stays as it is here in ${differs.join(', ')}`;
}

function nameOf({ key, name }: ExportedRecord): string {
  return `${key}  ${name}`;
}

function writeBad({ list, index, name, field, detail }: BadRecord): string {
  const of = name === undefined ? '' : ` of ${name.slice(0, shownNameLength)}`;
  return `  unusable  ${list}[${index}].${field}${of} ${detail}`;
}

function firstOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - shownLines;
  return more <= 0 ? lines : [...lines.slice(0, shownLines), `            and ${more} more, which --json shows`];
}
