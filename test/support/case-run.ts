import { expect } from 'vitest';
import { commandCaller } from '#commands/command-caller.ts';
import { createTenant } from '#operations/create-tenant.ts';
import type { CaseFile, CaseStep } from './case-file.ts';
import { findMismatches } from './case-mismatches.ts';
import { type CaseAnswer, type CaseRequest, sendRequest } from './case-request.ts';
import { atPointer, fillJson, fillText, type Variables } from './case-variables.ts';
import type { Muster } from './muster.ts';

type Headers = Readonly<Record<string, string | null>>;

/** Where a case is: the server it talks to, the headers of all its requests, what it knows, and what it was answered. */
interface Conversation {
  readonly origin: string;
  readonly headers: Headers;
  readonly variables: Map<string, unknown>;
  readonly answers: string[];
}

let tenants = 0;

/**
 * Replays a case with a connection of one profile in a tenant of its own. Fails with the step and all that is wrong in
 * its answer. Gives the number of steps that were sent and judged.
 */
export async function runCase(muster: Muster, file: CaseFile, profile: string): Promise<number> {
  tenants += 1;
  const tenant = `case-${tenants}`;
  await createTenant(commandCaller(), muster.db, tenant);
  const token = await muster.connect({ tenant, profile });
  const talk: Conversation = {
    origin: muster.server.url,
    headers: { Authorization: `Bearer ${token}`, ...file.headers },
    variables: new Map([
      ['origin', muster.server.url],
      ['base', `${muster.server.url}/scim/v2`],
      ['token', token],
    ]),
    answers: [],
  };
  for (const given of Object.entries(file.given ?? {})) await makeGiven(talk, ...given);
  let judged = 0;
  for (const step of file.steps) {
    await takeStep(talk, step, judged + 1);
    judged += 1;
  }
  for (const secret of file.nowhere ?? []) expect(talk.answers.join('\n') + muster.logged()).not.toContain(secret);
  for (const told of file.logged ?? []) {
    const wanted = fillText(told, talk.variables);
    // The line is written after the answer.
    await expect.poll(() => muster.logged().includes(wanted), { message: `the log tells ${wanted}` }).toBe(true);
  }
  return judged;
}

async function makeGiven(
  talk: Conversation,
  name: string,
  [path, body, times = 1]: NonNullable<CaseFile['given']>[string],
): Promise<void> {
  for (let n = 1; n <= times; n += 1) {
    const variables = new Map([...talk.variables, ['n', n]]);
    const {
      status,
      text,
      body: made,
    } = await sendRequest(talk.origin, requestOf(talk, ['POST', path, body], {}, variables));
    expect(status, `given ${name}: ${text}`).toBe(201);
    talk.variables.set(name, atPointer(made, '/id'));
  }
}

async function takeStep(talk: Conversation, step: CaseStep, number: number): Promise<void> {
  const wire = requestOf(talk, step.send, step, talk.variables);
  const answer = await sendRequest(talk.origin, wire);
  talk.answers.push(JSON.stringify(answer.headers), answer.text);
  for (const [name, place] of Object.entries(step.save ?? {})) talk.variables.set(name, atPointer(answer.body, place));
  const mismatches = findMismatches(answer, step.expect, talk.variables);
  expect(mismatches, describeStep(step, number, wire, answer)).toEqual([]);
  for (const [name, place] of Object.entries(step.save ?? {})) {
    expect(talk.variables.get(name), `step ${number} saves ${name} from ${place}`).toBeDefined();
  }
}

function describeStep(
  { note }: CaseStep,
  number: number,
  { method, path, body = '' }: CaseRequest,
  answer: CaseAnswer,
) {
  const said = note === undefined ? '' : ` (${note})`;
  return `step ${number}${said}: ${method} ${path} ${body}\nanswered ${answer.status} ${answer.text}\n`;
}

function requestOf(
  talk: Conversation,
  [method, path, json]: readonly [string, string, unknown?],
  { raw, headers = {} }: { readonly raw?: string | undefined; readonly headers?: Headers | undefined },
  variables: Variables,
): CaseRequest {
  const written = json === undefined ? undefined : JSON.stringify(fillJson(json, variables));
  const body = raw === undefined ? written : fillText(raw, variables);
  const type = body === undefined ? {} : { 'Content-Type': 'application/scim+json' };
  const named = Object.entries(withOverrides(withOverrides(type, bodiless(talk.headers, body)), headers));
  return {
    method,
    path: fillText(path, variables),
    headers: Object.fromEntries(named.map(([name, value]) => [name, fillText(value, variables)])),
    ...(body !== undefined && { body }),
  };
}

/** The headers of a case without those of a body where there is none. */
function bodiless(headers: Headers, body: string | undefined): Headers {
  if (body !== undefined) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'));
}

function withOverrides(headers: Readonly<Record<string, string>>, overrides: Headers): Record<string, string> {
  const replaced = new Set(Object.keys(overrides).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  const added = Object.entries(overrides).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return Object.fromEntries([...kept, ...added]);
}
