import type { BadRecord, Exported, ExportedPerson, ExportedRecord } from '#domain/exported.ts';
import { domainLimits } from '#domain/limits.ts';
import { utcTime } from '#domain/utc-time.ts';
import { defaultLimits } from '#http/limits.ts';
import { type JsonObject, type JsonValue, parseJson } from '#http/parse-json.ts';
import { checkLooks, type OtherExports, type WantedList } from './check-looks.ts';
import type { ExportFacts } from './export-facts.ts';
import { type Shape, toChanges } from './representation.ts';
import { wrongIn } from './wrong-in.ts';

/** The answers of an old system as they were saved. */
export interface ExportTexts {
  readonly people: string;
  readonly groups?: string;
  /** The files in which they were saved, for messages. */
  readonly files?: { readonly people: string; readonly groups?: string };
}

/**
 * Reads what an old system says of its people and groups. Records that cannot be used are told, each with what is wrong. Throws
 * an Error of one sentence for a text that is no such list, also for one that looks like a list of another API.
 */
export function readExport(facts: ExportFacts, texts: ExportTexts, others: OtherExports = {}): Exported {
  const wanted = (list: BadRecord['list']) => ({ list, facts, file: fileOf(list, texts) });
  const all = listIn(wanted('people'), texts.people, others);
  const people = readList('people', all, (object) => personFrom(facts, object), facts.builtInPeople);
  const { groups: groupFacts } = facts;
  const groups =
    groupFacts === undefined || texts.groups === undefined
      ? { records: [], bad: [] }
      : readList('groups', listIn(wanted('groups'), texts.groups, others), groupFrom, groupFacts.builtIn);
  return { people: people.records, groups: groups.records, bad: [...people.bad, ...groups.bad] };
}

function fileOf(list: BadRecord['list'], { files }: ExportTexts): string {
  const file = files?.[list];
  return `the file ${file === undefined ? '' : `${file} `}with the ${list}`;
}

/** What is wrong with a field, or the record. */
type Read<Record> = { readonly record: Record } | Pick<BadRecord, 'field' | 'detail'>;

interface ReadList<Record> {
  readonly records: readonly Record[];
  readonly bad: readonly BadRecord[];
}

function readList<Record extends object>(
  list: BadRecord['list'],
  all: readonly JsonValue[],
  read: (object: JsonObject) => Read<Record>,
  builtIn: readonly string[],
): ReadList<Record & ExportedRecordParts> {
  const records: (Record & ExportedRecordParts)[] = [];
  const bad: BadRecord[] = [];
  const taken = countOf(all.map((value) => keyIn(value)));
  for (const [index, value] of all.entries()) {
    const key = keyIn(value);
    if (key !== undefined && builtIn.includes(key)) continue;
    const problem = keyProblem(value, key, taken);
    const done = problem === undefined ? read(value as JsonObject) : problem;
    if ('record' in done) records.push({ ...done.record, key: key ?? '', index });
    else bad.push({ list, index, ...namedIn(list, value), ...done });
  }
  return { records, bad };
}

type ExportedRecordParts = Pick<ExportedRecord, 'key' | 'index'>;

/** By what people find the record in their file, beside its place. */
function namedIn(list: BadRecord['list'], value: JsonValue): Pick<BadRecord, 'name'> {
  const name = isObject(value) ? value[list === 'people' ? 'email' : 'name'] : undefined;
  return typeof name === 'string' && name.trim() !== '' ? { name } : {};
}

/** A bare list, or the list in the member `data` of what Metabase answers. */
function listIn(wanted: WantedList, text: string, others: OtherExports): readonly JsonValue[] {
  const { file } = wanted;
  const value = jsonIn(file, text);
  const all = isObject(value) ? (value.data ?? null) : value;
  if (!isList(all)) throw new Error(`${file} holds no list: save the answer of the old system as it comes`);
  const total = isObject(value) ? value.total : undefined;
  if (typeof total === 'number' && total > all.length) {
    throw new Error(`${file} holds ${all.length} of ${total}: save the answer without limit and offset`);
  }
  if (all.length > domainLimits.importedRecords) {
    throw new Error(`${file} holds ${all.length}, more than ${domainLimits.importedRecords}: divide it`);
  }
  checkLooks(all, wanted, others);
  return all;
}

function jsonIn(file: string, text: string): JsonValue {
  const { jsonDepth, jsonKeys, jsonLongStringLength: jsonStringLength } = defaultLimits;
  const parsed = parseJson(text, { jsonDepth, jsonKeys, jsonStringLength });
  if (parsed.ok) return parsed.value;
  if (parsed.problem === 'empty') throw new Error(`${file} is empty: save the answer of the old system`);
  if (parsed.problem !== 'not_json') throw new Error(`${file} cannot be used: ${parsed.detail}`);
  throw new Error(`${file} is not JSON: look into it, the old system may have answered with an error`);
}

/** What an integer of 32 bits holds: the ids of the old systems are such. */
const keyMax = 2 ** 31 - 1;

/** The id of a record as text; undefined for what has none that could be shown. */
function keyIn(value: JsonValue): string | undefined {
  const id = isObject(value) ? value.id : undefined;
  return Number.isInteger(id) && (id as number) > 0 && (id as number) <= keyMax ? String(id) : undefined;
}

function keyProblem(value: JsonValue, key: string | undefined, taken: ReadonlyMap<string | undefined, number>) {
  if (!isObject(value)) return { field: 'record', detail: 'should be an object' };
  if (key === undefined) return { field: 'id', detail: `should be a whole number from 1 to ${keyMax}` };
  return (taken.get(key) ?? 0) > 1 ? { field: 'id', detail: 'should be that of one record alone' } : undefined;
}

function countOf<Key>(keys: readonly Key[]): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const emailShape: Shape = { type: 'string', format: 'email' };
const groupsShape: Shape = { type: 'array', items: { type: 'integer' } };

function personFrom(facts: ExportFacts, object: JsonObject): Read<Omit<ExportedPerson, 'key' | 'index'>> {
  const { person, lastLogin, groups } = facts;
  const ofPerson = groups?.ofPerson;
  const shapes: [string, Shape][] = [
    ['email', emailShape],
    ...Object.entries(person).flatMap(([name, { shape, read }]) =>
      read === undefined || name === 'email' ? [] : [[name, shape] as [string, Shape]],
    ),
    [lastLogin, { type: ['string', 'null'], format: 'date-time' }],
    ...(ofPerson === undefined ? [] : [[ofPerson, groupsShape] as [string, Shape]]),
  ];
  // An absent field and null say nothing, but for the e-mail, by which the person is known.
  const said = Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
  const problem = firstProblem(shapes, { ...said, email: object.email ?? null });
  if (problem !== undefined) return problem;
  const lastLoginAt = utcTime(String(said[lastLogin] ?? ''));
  const held = ofPerson === undefined ? [] : ((said[ofPerson] ?? []) as readonly number[]);
  return {
    record: {
      name: said.email as string,
      changes: (before) => toChanges(person, said, before),
      groups: [...new Set(held.map(String))].filter((key) => !groups?.builtIn.includes(key)),
      ...(lastLoginAt !== undefined && { lastLoginAt }),
    },
  };
}

function groupFrom(object: JsonObject): Read<Pick<ExportedRecord, 'name'>> {
  const problem = firstProblem([['name', { type: 'string' }]], { name: object.name ?? null });
  return problem ?? { record: { name: object.name as string } };
}

function firstProblem(shapes: readonly (readonly [string, Shape])[], object: JsonObject) {
  for (const [field, shape] of shapes) {
    const value = object[field];
    const detail = value === undefined ? undefined : wrongIn(value, shape);
    if (detail !== undefined) return { field, detail };
  }
  return undefined;
}

/** Array.isArray does not narrow a readonly array. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
