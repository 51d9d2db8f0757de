import { expect } from 'vitest';
import { commandCaller } from '#commands/command-caller.ts';
import type { Dialect } from '#dialects/dialect.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { type Callers, callersOf, credentialOf, dialectNamed } from './case-callers.ts';
import type { CaseFile, CaseStep } from './case-file.ts';
import { findMismatches } from './case-mismatches.ts';
import { type CaseAnswer, type CaseRequest, sendRequest, writeRequest } from './case-request.ts';
import { type CaseServer, letTimePass, mailTo, numbersIn, urlFor } from './case-server.ts';
import { atPointer, fillText } from './case-variables.ts';

/** A case, and where it is replayed. */
export interface CaseRun {
  readonly file: CaseFile;
  /** The dialect in whose folder it is. */
  readonly dialect: Dialect;
  /** The name of its tenant, which nobody else has. */
  readonly tenant: string;
  /** One of those of the case, where it has some. */
  readonly profile?: string | undefined;
}

/** Where a case is: the server it talks to, who talks, what it knows, and what it was answered. */
interface Conversation extends CaseRun {
  readonly server: CaseServer;
  readonly callers: Callers;
  readonly variables: Map<string, unknown>;
  readonly answers: string[];
}

/**
 * Replays a case in a tenant of its own. Fails with the step and all that is wrong in its answer. Gives the number of
 * steps that were sent and judged.
 */
export async function runCase(server: CaseServer, run: CaseRun): Promise<number> {
  await createTenant(commandCaller(), server.muster.db, run.tenant);
  const talk = await open(server, run);
  await makeAllGiven(talk);
  let judged = 0;
  for (const step of run.file.steps) {
    await takeStep(talk, step, judged + 1);
    judged += 1;
  }
  const { nowhere = [], logged = [] } = run.file;
  for (const secret of nowhere) expect(talk.answers.join('\n') + server.muster.logged()).not.toContain(secret);
  for (const told of logged) {
    const wanted = fillText(told, talk.variables);
    // The line is written after the answer.
    await expect.poll(() => server.muster.logged().includes(wanted), { message: `the log tells ${wanted}` }).toBe(true);
  }
  return judged;
}

async function open(server: CaseServer, run: CaseRun): Promise<Conversation> {
  const { dialect, tenant, file, profile = file.provider ?? 'lenient' } = run;
  const { muster } = server;
  const post = async (to: Dialect, path: string, body: object) => {
    const headers = { Host: new URL(urlFor(server, to, tenant)).host, 'Content-Type': 'application/json' };
    const wire = { method: 'POST', path, headers, body: JSON.stringify(body) };
    const answer = await sendRequest(muster.server.url, wire);
    if (answer.status >= 300) throw new Error(`POST ${path} was answered ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const callers = callersOf({ muster, tenant, file, profile, post });
  const { scheme, header } = dialect.credential;
  const token = (await callers.connected(dialect.name))[header]?.slice(scheme === undefined ? 0 : scheme.length + 1);
  const known = { origin: urlFor(server, dialect, tenant), base: `${muster.server.url}/scim/v2`, tenant, token };
  return { ...run, server, callers, variables: new Map<string, unknown>(Object.entries(known)), answers: [] };
}

async function makeAllGiven(talk: Conversation): Promise<void> {
  const { file, dialect, callers, server, tenant, variables } = talk;
  const given = Object.entries(file.given ?? {});
  if (given.length === 0) return;
  if (isScim(dialect)) {
    const headers = await callers.connected(dialect.name);
    for (const each of given) await makeGiven(talk, headers, each);
    return;
  }
  const rights = ['read', 'write', 'passwords', 'superuser'] as const;
  const token = await server.muster.connect({ tenant, rights });
  const headers = credentialOf(dialectNamed('scim'), token);
  for (const each of given) await makeGiven(talk, headers, each);
  const numbers = await numbersIn(server, tenant);
  for (const [name] of given) variables.set(`${name}Number`, numbers.get(String(variables.get(name))));
}

async function makeGiven(
  { server, variables }: Conversation,
  headers: Readonly<Record<string, string>>,
  [name, [path, body, times = 1]]: [string, NonNullable<CaseFile['given']>[string]],
): Promise<void> {
  for (let n = 1; n <= times; n += 1) {
    const counted = new Map([...variables, ['n', n]]);
    const wire = writeRequest({ send: ['POST', path, body], mediaType: 'application/scim+json', headers }, counted);
    const { status, text, body: made } = await sendRequest(server.muster.server.url, wire);
    expect(status, `given ${name}: ${text}`).toBe(201);
    variables.set(name, atPointer(made, '/id'));
  }
}

async function takeStep(talk: Conversation, step: CaseStep, number: number): Promise<void> {
  const { server, variables, dialect: own } = talk;
  const { save = {}, mailed, later, dialect: name = own.name } = step;
  if (later !== undefined) await letTimePass(server, talk.tenant, later);
  const dialect = dialectNamed(name);
  const wire = await wireOf(talk, step, dialect);
  const answer = await sendRequest(server.muster.server.url, wire);
  talk.answers.push(JSON.stringify(answer.headers), answer.text);
  for (const [saved, place] of Object.entries(save)) variables.set(saved, atPointer(answer.body, place));
  const mismatches = findMismatches(answer, step.expect, variables, isScim(dialect) ? 'sets' : 'sequences');
  expect(mismatches, describeStep(step, number, wire, answer)).toEqual([]);
  for (const [saved, place] of Object.entries(save)) {
    expect(variables.get(saved), `step ${number} saves ${saved} from ${place}`).toBeDefined();
  }
  if (mailed !== undefined) await readMail(talk, mailed);
}

async function wireOf({ file, callers, variables, tenant, server }: Conversation, step: CaseStep, to: Dialect) {
  const { as } = step;
  const credential =
    as === null ? {} : await (as === undefined ? callers.connected(to.name) : callers.signedIn(to.name, as));
  const host = { Host: new URL(urlFor(server, to, tenant)).host };
  const [mediaType = ''] = to.mediaType.split(';');
  const headers = { ...host, ...credential, ...file.headers };
  return writeRequest({ send: step.send, raw: step.raw, mediaType, headers, overrides: step.headers }, variables);
}

async function readMail(
  { server, tenant, variables }: Conversation,
  { to, save }: NonNullable<CaseStep['mailed']>,
): Promise<void> {
  const mail = await mailTo(server, tenant, to);
  for (const [saved, pattern] of Object.entries(save)) {
    const [, value] = new RegExp(pattern).exec(mail) ?? [];
    expect(value, `the mail to ${to} has ${pattern}`).toBeDefined();
    variables.set(saved, value);
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

function isScim({ name }: Dialect): boolean {
  return name === 'scim';
}
