import { expect } from 'vitest';
import type { Dialect, ErrorAnswer } from '#dialects/dialect.ts';
import { Fault, type FaultKind } from '#domain/fault.ts';
import { misfits } from './fits-shape.ts';

const request = { id: 'request-1', publicUrl: 'https://roll.example.org', header: () => undefined };

/** A dialect has an answer to a fault of this kind, in a form of its own that tells nothing of the cause. */
export function expectWordsFor(dialect: Dialect, kind: FaultKind): void {
  const cause = new Error('select secret from postgres');
  const fault = new Fault(kind, 'this is what is wrong', { cause, retryAfterSeconds: 7, allow: ['GET'] });
  const answer = dialect.writeFault(fault, request);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).not.toBe(500);
  expectOwnForm(dialect, answer);
  expect(JSON.stringify(answer)).not.toContain('select secret');
}

/** A dialect has an answer to what nobody foresaw, which leads to the log by the request id or says nothing at all. */
export function expectWordsForUnexpected(dialect: Dialect): void {
  const answer = dialect.writeUnexpected(request);
  expect(answer.status).toBe(500);
  expectOwnForm(dialect, answer);
}

function expectOwnForm(dialect: Dialect, { body, mediaType = dialect.mediaType }: ErrorAnswer): void {
  expect(formProblems(dialect, mediaType, body)).toEqual([]);
}

/** What is wrong with the body of an error of a dialect: nothing when it fits one of its forms. */
export function formProblems({ name, errorShapes }: Dialect, contentType: string, body: string): readonly string[] {
  const type = contentType.split(';')[0]?.trim() ?? '';
  const forms = errorShapes.filter(({ mediaType }) => mediaType.split(';')[0] === type);
  if (forms.length === 0) return [`${name} has no errors of type ${contentType || 'unknown'}: ${body.slice(0, 200)}`];
  const all = forms.map(({ shape }) =>
    shape.type === 'string' ? textProblems(body) : misfits(shape, JSON.parse(body)),
  );
  return all.some((problems) => problems.length === 0) ? [] : [`${body.slice(0, 300)}: ${all.flat().join('; ')}`];
}

function textProblems(body: string): readonly string[] {
  return /<\/?(html|body|pre)\b/i.test(body) ? ['it is HTML'] : [];
}
