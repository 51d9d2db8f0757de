import { isDeepStrictEqual } from 'node:util';
import type { CaseExpectation } from './case-file.ts';
import type { CaseAnswer } from './case-request.ts';
import { atPointer, fillJson, fillText, type Variables } from './case-variables.ts';

/** Everything in which an answer is not what was expected, one sentence each. */
export function findMismatches(answer: CaseAnswer, expected: CaseExpectation, variables: Variables): string[] {
  const { status, headers = {}, body, absent = [], lengths = {}, differs = {}, lacks = [] } = expected;
  return [
    ...unless(answer.status === status, `the status is ${answer.status} and not ${status}`),
    ...unless(status !== 204 || answer.text === '', 'an answer 204 has a body'),
    ...Object.entries(headers).flatMap(([name, wanted]) => compareHeader(answer, name, wanted, variables)),
    ...(body === undefined ? [] : comparePart('', answer.body, fillJson(body, variables))),
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
  return unless(sent === filled, `the header ${name} is ${sent} and not ${filled}`);
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

/** A list must have the same number of elements in any order, since SCIM's lists are sets; an object may have more members. */
function comparePart(place: string, actual: unknown, wanted: unknown): string[] {
  if (Array.isArray(wanted)) return compareList(place, actual, wanted);
  if (typeof wanted !== 'object' || wanted === null) {
    const said = `${place} is ${JSON.stringify(actual)} and not ${JSON.stringify(wanted)}`;
    return unless(Object.is(actual, wanted), said);
  }
  if (typeof actual !== 'object' || actual === null) return [`${place} is ${JSON.stringify(actual)} and no object`];
  return Object.entries(wanted).flatMap(([key, inner]) => comparePart(`${place}/${key}`, memberOf(actual, key), inner));
}

function memberOf(actual: unknown, key: string): unknown {
  return Object.hasOwn(Object(actual), key) ? (actual as Record<string, unknown>)[key] : undefined;
}

function compareList(place: string, actual: unknown, wanted: readonly unknown[]): string[] {
  if (!Array.isArray(actual)) return [`${place} is ${JSON.stringify(actual)} and no list`];
  if (actual.length !== wanted.length) return [`${place} has ${actual.length} elements and not ${wanted.length}`];
  const left = [...actual];
  return wanted.flatMap((element) => {
    const found = left.findIndex((candidate) => comparePart(place, candidate, element).length === 0);
    if (found === -1) return [`${place} lacks ${JSON.stringify(element)}`];
    left.splice(found, 1);
    return [];
  });
}
