import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { type Client, expectError, newName, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { core, enterprise } from '../dialects/scim/urns.ts';

let scim: Scim;
let clients: readonly Client[];
let user: Answer['body'];

beforeAll(async () => {
  scim = await startScim();
  clients = [scim.lenient, scim.rfc];
  user = await scim.lenient.makeUser({ name: { givenName: 'Ada' }, emails: [{ value: 'a@b', type: 'work' }] });
});
afterAll(() => scim.stop());

const prototypes = [Object.prototype, Array.prototype, Function.prototype];

/** Every property of the prototypes that all code relies on, with what it is. */
function snapshot(): unknown[] {
  return prototypes.map((prototype) => [
    Reflect.ownKeys(prototype),
    Reflect.ownKeys(prototype).map((key) => Reflect.getOwnPropertyDescriptor(prototype, key)),
    Reflect.getPrototypeOf(prototype),
  ]);
}

const ofObjects = [...Object.getOwnPropertyNames(Object.prototype), 'prototype'];
const ofAll = [...new Set(prototypes.flatMap((prototype) => Object.getOwnPropertyNames(prototype)))];
const odd = [
  ...ofObjects,
  '__proto__.polluted',
  'constructor.prototype',
  'constructor.prototype.polluted',
  'toString.call',
];

const at = () => `/Users/${user.id}`;
const send = (client: Client, method: string, path: string, text: string, type = '') =>
  scim.muster.send(client.token, method, path, text, { 'Content-Type': type });
const patch = (operation: object, key = '') =>
  `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[${JSON.stringify(operation).replace('"KEY"', JSON.stringify(key))}]}`;

/** Expects that requests are refused with 400 by both profiles, one in each media type. */
async function expectRefused(
  scimType: string,
  requests: readonly (readonly [string, string, string])[],
): Promise<void> {
  const types = ['application/scim+json', 'application/json'];
  const answers = await Promise.all(
    requests.flatMap(([method, path, text]) => clients.map((client, n) => send(client, method, path, text, types[n]))),
  );
  for (const answer of answers) expectError(answer, 400, scimType);
}

describe('S-03, V-0c: names that every object has', () => {
  const before = snapshot();

  test.each(odd)('%s is no key of a body, at any depth', async (name) => {
    const key = JSON.stringify(name);
    const bodies = [
      `{"userName":"x",${key}:{"polluted":true}}`,
      `{"userName":"x","name":{${key}:{"polluted":true}}}`,
      `{"userName":"x","emails":[{"value":"a",${key}:"polluted"}]}`,
      `{"userName":"x","${enterprise}":{${key}:"polluted"}}`,
      `{"userName":"x","urn:nobody:knows":{${key}:"polluted"}}`,
    ];
    const operations = [
      { op: 'add', value: { KEY: 1 } },
      { op: 'add', value: { name: { KEY: 1 } } },
      { op: 'add', value: { [enterprise]: { KEY: 1 } } },
      { op: 'add', path: 'name', value: { KEY: 1 } },
      { op: 'add', path: 'title', value: 'x', KEY: 1 },
    ];
    await expectRefused('invalidSyntax', [
      ...bodies.map((body) => ['POST', '/Users', body] as const),
      ...bodies.map((body) => ['PUT', at(), body] as const),
      ...operations.map((operation) => ['PATCH', at(), patch(operation, name)] as const),
    ]);
  });

  test.each(odd)('%s is no path of a PATCH, whole or in part', async (name) => {
    const paths = [
      name,
      `name.${name}`,
      `emails.${name}`,
      `emails[type eq "work"].${name}`,
      `${core}:${name}`,
      `${enterprise}:${name}`,
      `${enterprise}:manager.${name}`,
      `${enterprise}.${name}`,
      `urn:nobody:${name}`,
      `${name}.givenName`,
      `${name}[type eq "work"].value`,
    ];
    const ops = ['add', 'replace', 'remove'];
    const operations = paths.map((path, n) => ({ op: ops[n % 3], path, value: { polluted: true } }));
    await expectRefused(
      'invalidPath',
      operations.map((operation) => ['PATCH', at(), patch(operation)] as const),
    );
  });

  test.each(odd)('%s is no attribute of a filter, whole or in part', async (name) => {
    const filters = [
      `${name} eq "x"`,
      `${name} pr`,
      `not (${name} eq "x")`,
      `name.${name} eq "x"`,
      `emails[${name} eq "x"]`,
      `${name}[type eq "x"]`,
      `${core}:${name} eq "x"`,
      `${enterprise}:${name} pr`,
      `${name}:userName eq "x"`,
    ];
    const answers = filters.flatMap((filter) => clients.map((client) => client.find('/Users', filter)));
    for (const answer of await Promise.all(answers)) expectError(answer, 400, 'invalidFilter');
    const inPath = await scim.lenient.patch(at(), [{ op: 'remove', path: `emails[${name} eq "x"]` }]);
    expect([inPath.status, inPath.body.scimType]).toEqual([400, expect.stringMatching(/^invalid(Filter|Path)$/)]);
  });

  test.each(ofAll)('%s is no id, no schema, no resource type, and no attribute to show', async (name) => {
    const escaped = encodeURIComponent(name);
    const paths = ['/Users', '/Groups', '/Schemas', '/ResourceTypes', ''].map((path) => `${path}/${escaped}`);
    for (const answer of await Promise.all(paths.map((path) => scim.lenient.get(path)))) expectError(answer, 404);
    const shown = await scim.lenient.get(`${at()}?attributes=${escaped}x,${escaped}.x`);
    expect(shown.body).toEqual({ schemas: [core], id: user.id });
    expect((await scim.lenient.get(`${at()}?${escaped}=1&${escaped}[a]=2`)).body).toEqual(user);
    const schemas = { schemas: [core, name], userName: newName() };
    expect((await scim.lenient.post('/Users', schemas)).body.schemas).toEqual([core]);
  });

  test('names of lists and functions that no object has are unknown like any other', async () => {
    const others = ofAll.filter((name) => !ofObjects.includes(name) && name !== 'name');
    expect(others.length).toBeGreaterThan(30);
    const body = Object.fromEntries(others.map((name) => [name, { polluted: true }]));
    const { status, body: made } = await scim.lenient.post('/Users', { userName: newName(), ...body });
    expect([status, Object.keys(made).sort()]).toEqual([201, ['active', 'id', 'meta', 'schemas', 'userName']]);
    for (const path of others) {
      expectError(await scim.rfc.patch(at(), [{ op: 'add', path, value: 'x' }]), 400, 'invalidPath');
      expectError(await scim.lenient.find('/Users', `${path} eq "x"`), 400, 'invalidFilter');
    }
  });

  test('afterwards the prototypes and the user are as they were', async () => {
    expect(snapshot()).toEqual(before);
    expect({}).not.toHaveProperty('polluted');
    expect((await scim.lenient.get(at())).body).toEqual(user);
  });
});
