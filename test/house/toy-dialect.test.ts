import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '#dialects/index.ts';
import { writeOpenapi } from '#dialects/write-openapi.ts';
import { faultKinds } from '#domain/fault.ts';
import { defaultLimits } from '#http/limits.ts';
import { expectWordsFor, expectWordsForUnexpected } from '../laws/fault-laws.ts';
import { kindsOfPeople, personWith } from '../laws/kinds-of-people.ts';
import { type LawServer, startLawServer } from '../laws/law-server.ts';
import {
  expectToReadWhatWasWritten,
  expectToShowInOthers,
  expectWriteBackToChangeNothing,
  fieldsOf,
} from '../laws/representation-laws.ts';
import {
  expectNothingOfOtherMediaTypes,
  expectToBearOddRequests,
  expectToRefuse,
  expectToRefuseWho,
  wrongRequests,
} from '../laws/request-laws.ts';
import { routesOf } from '../laws/routes-of.ts';
import { toy } from './toy-dialect.ts';

let server: LawServer;

beforeAll(async () => {
  server = await startLawServer([...dialects, toy]);
});
afterAll(() => server.stop());

describe('a dialect that is added in one file', () => {
  test('obeys the laws of fields', () => {
    for (const [, person] of kindsOfPeople) expectWriteBackToChangeNothing(toy, person);
    const fields = fieldsOf([...dialects, toy]);
    const own = fieldsOf([toy]).filter(([, , { read }]) => read !== undefined);
    expect(own.length).toBe(2);
    for (const field of own) expectToReadWhatWasWritten(field, personWith({ userName: 'ada' }));
    for (const field of own) expectToShowInOthers(field, fields, personWith({ userName: 'ada' }));
  });

  test('has words for every fault', () => {
    for (const kind of faultKinds) expectWordsFor(toy, kind);
    expectWordsForUnexpected(toy);
  });

  test('refuses what is wrong in its own form', async () => {
    const oversize = `{"login":"${'x'.repeat(defaultLimits.bodyBytes)}"}`;
    for (const wrong of Object.values(wrongRequests)) await expectToRefuse(server, toy, wrong, oversize);
    await expectNothingOfOtherMediaTypes(server, toy);
    await expectToRefuseWho(server, toy, 'nobody');
    await expectToRefuseWho(server, toy, 'stranger');
  });

  test('bears odd requests', async () => {
    for (const route of routesOf(toy)) await expectToBearOddRequests(server, toy, route);
  });

  test('shows and changes the same people as SCIM', async () => {
    const json = { contentType: 'application/json' };
    const created = await server.ask(toy, {
      method: 'POST',
      path: '/phonebook/people',
      body: '{"login":"grace"}',
      ...json,
    });
    expect(created.status).toBe(201);
    expect(await server.changesOf([created])).toBe(1);
    const { id } = JSON.parse(created.body);
    const token = await server.muster.connect({ dialect: 'scim' });
    expect((await server.muster.send(token, 'GET', `/Users/${id}`)).body.userName).toBe('grace');
    const operations = [{ op: 'replace', path: 'nickName', value: 'Amazing' }];
    await server.muster.send(token, 'PATCH', `/Users/${id}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: operations,
    });
    const list = await server.ask(toy, { method: 'GET', path: '/phonebook/people' });
    expect(JSON.parse(list.body)).toContainEqual({ id: expect.any(Number), login: 'grace', nickname: 'Amazing' });
  });

  test('is described in OpenAPI', () => {
    const described = writeOpenapi({ ...toy, routes: toy.routes ?? [] }, 'https://roll.example.org') as {
      readonly paths: object;
    };
    expect(Object.keys(described.paths)).toEqual(['/people', '/people/{id}']);
  });
});
