import { isDeepStrictEqual } from 'node:util';
import type { CaseExpectation } from './case-file.ts';
import type { CaseAnswer } from './case-request.ts';
import { atPointer, fillJson, fillText, type Variables } from './case-variables.ts';

/** Whether the order of a list says something. SCIM's lists are sets. */
export type Lists = 'sets' | 'sequences';

/** Everything in which an answer is not what was expected, one sentence each. */
export function findMismatches(
  answer: CaseAnswer,
  expected: CaseExpectation,
  variables: Variables,
  lists: Lists = 'sets',
): string[] {
  const { status, headers = {}, text, body, absent = [], lengths = {}, differs = {}, lacks = [] } = expected;
  return [
    ...unless(answer.status === status, `the status is ${answer.status} and not ${status}`),
    ...unless(status !== 204 || answer.text === '', 'an answer 204 has a body'),
    ...Object.entries(headers).flatMap(([name, wanted]) => compareHeader(answer, name, wanted, variables)),
    ...(text === undefined ? [] : compareText(answer, text, variables)),
    ...(body === undefined ? [] : comparePart({ place: '', actual: answer.body, lists }, fillJson(body, variables))),
    ...absent.flatMap((place) => unless(atPointer(answer.body, place) === undefined, `${place} is there`)),
    ...Object.entries(lengths).flatMap(([place, wanted]) => compareLength(answer, place, wanted)),
    ...Object.entries(differs).flatMap(([place, value]) => compareOther(answer, place, fillJson(value, variables))),
    ...lacks.flatMap((unwanted) => unless(!answer.text.includes(unwanted), `the body has ${unwanted}`)),
  ];
}

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}

function compareHeader({ headers }: CaseAnswer, name: string, wanted: string | null, variables: Variables): string[] {
  const sent = headers[name.toLowerCase()];
  if (wanted === null) return unless(sent === undefined, `the header ${name} is there: ${sent}`);
  const filled = fillText(wanted, variables);
  return unless([sent].flat().includes(filled), `the header ${name} is ${sent} and not ${filled}`);
}

function compareText({ text }: CaseAnswer, wanted: unknown, variables: Variables): string[] {
  const filled = fillJson(wanted, variables);
  const bytes = typeof filled === 'string' ? filled : JSON.stringify(filled);
  return unless(text === bytes, `the bytes of the body are not ${bytes}`);
}

function compareLength({ body }: CaseAnswer, place: string, wanted: number): string[] {
  const list = atPointer(body, place);
  if (!Array.isArray(list)) return [`${place} is no list`];
  return unless(list.length === wanted, `${place} has ${list.length} elements and not ${wanted}`);
}

function compareOther({ body }: CaseAnswer, place: string, other: unknown): string[] {
  const value = atPointer(body, place);
  if (value === undefined) return [`${place} is not there`];
  return unless(!isDeepStrictEqual(value, other), `${place} is still ${JSON.stringify(value)}`);
}

/** A part of a body, and where it is. */
interface Part {
  readonly place: string;
  readonly actual: unknown;
  readonly lists: Lists;
}

/** A list must have the same number of elements; an object may have more members. */
function comparePart(part: Part, wanted: unknown): string[] {
  const { place, actual, lists } = part;
  if (Array.isArray(wanted)) return compareList(part, wanted);
  if (typeof wanted !== 'object' || wanted === null) {
    const said = `${place} is ${JSON.stringify(actual)} and not ${JSON.stringify(wanted)}`;
    return unless(Object.is(actual, wanted), said);
  }
  if (typeof actual !== 'object' || actual === null) return [`${place} is ${JSON.stringify(actual)} and no object`];
  return Object.entries(wanted).flatMap(([key, inner]) =>
    comparePart({ place: `${place}/${key}`, actual: memberOf(actual, key), lists }, inner),
  );
}

function memberOf(actual: unknown, key: string): unknown {
  return Object.hasOwn(Object(actual), key) ? (actual as Record<string, unknown>)[key] : undefined;
}

function compareList({ place, actual, lists }: Part, wanted: readonly unknown[]): string[] {
  if (!Array.isArray(actual)) return [`${place} is ${JSON.stringify(actual)} and no list`];
  if (actual.length !== wanted.length) return [`${place} has ${actual.length} elements and not ${wanted.length}`];
  if (lists === 'sequences') {
    return wanted.flatMap((element, n) => comparePart({ place: `${place}/${n}`, actual: actual[n], lists }, element));
  }
  const left = [...actual];
  return wanted.flatMap((element) => {
    const found = left.findIndex((one) => comparePart({ place, actual: one, lists }, element).length === 0);
    if (found === -1) return [`${place} lacks ${JSON.stringify(element)}`];
    left.splice(found, 1);
    return [];
  });
}
