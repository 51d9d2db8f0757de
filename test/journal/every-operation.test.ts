import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, orgUnitType, userType } from '#attributes/resource-type.ts';
import { scim } from '#dialects/scim/scim.ts';
import { eraseUser } from '#operations/erase-user.ts';
import type { Mail, Mailer } from '#operations/mailer.ts';
import { buildOperations } from '#operations/operations.ts';
import { protectUser } from '#operations/protect-user.ts';
import { entraAudience } from '#operations/trust-entra.ts';
import { changesOf, openRoll, rules, type TestRoll } from '#test/operations/open-roll.ts';
import { groupLaws } from './group-laws.ts';
import type { Law, Run } from './law.ts';

const nobody = '00000000-0000-7000-8000-000000000000';
const name = () => crypto.randomUUID();
const made = (userName: string) => ({ changes: changesOf({ userName }), rules });
const title = (value: string) => ({ changes: [{ op: 'set' as const, path: 'title', value }], rules });
const wish = (rights: readonly ('read' | 'operator')[] = ['read']) => ({
  ...{ name: name(), spoken: scim, rights, tokenLifetimeDays: 1 },
});

const email = 'person@example.org';
const entra = { entraTenant: '6f1f6d3c-5b0a-4d52-9f0c-0c4a4b7f2d11', audience: entraAudience };
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }));

/** Who comes with the token of a mail. */
function resetOf({ caller: { tenant, requestId } }: Run) {
  const password = 'a staple of correct horses';
  return { tenant, requestId, password, dialect: 'own', policy: 'own', sessionPolicy: 'own' } as const;
}

async function resetToken({ caller: { tenant }, operations }: Run): Promise<string> {
  const posted: Promise<Mail | undefined>[] = [];
  const mailer: Mailer = { post: (write) => void posted.push(write()) };
  await operations.requestPasswordReset(mailer, { tenant, email });
  return /^\d+_\S+$/m.exec((await posted[0])?.text ?? '')?.[0] ?? '';
}

const laws: readonly Law[] = [
  {
    verb: 'createResource',
    does: ({ caller, operations }) => operations.createResource(caller, userType, made(name())),
    rows: ['User created'],
    refused: ({ caller, operations }) => operations.createResource(caller, userType, made('person')),
  },
  {
    verb: 'updateResource',
    does: ({ caller, operations, person }) => operations.updateResource(caller, userType, person, title('one')),
    rows: ['User updated'],
    refused: ({ caller, operations, person }) =>
      operations.updateResource(caller, userType, person, { ...title('two'), ifVersions: [999] }),
  },
  {
    verb: 'updateMembers',
    does: ({ caller, operations, person, group }) =>
      operations.updateMembers(caller, group, [{ op: 'remove', ids: [person] }], rules),
    rows: ['Group updated'],
    refused: ({ caller, operations, group }) =>
      operations.updateMembers(caller, group, [{ op: 'add', ids: [nobody] }], rules),
  },
  {
    verb: 'createPerson',
    does: ({ caller, operations, group }) =>
      operations.createPerson(caller, { ...made(name()), groups: [{ group, manages: false }] }),
    rows: ['Group updated', 'User created'],
    refused: ({ caller, operations }) =>
      operations.createPerson(caller, { ...made(name()), groups: [{ group: nobody, manages: false }] }),
  },
  {
    verb: 'updatePerson',
    does: ({ caller, operations, person, group }) =>
      operations.updatePerson(caller, person, { ...title('three'), groups: [{ group, manages: true }] }),
    rows: ['Group updated', 'User updated'],
    refused: ({ caller, operations, person }) =>
      operations.updatePerson(caller, person, { ...title('four'), groups: [{ group: nobody, manages: false }] }),
  },
  ...groupLaws,
  {
    verb: 'deleteResource',
    does: ({ caller, operations, unit }) => operations.deleteResource(caller, orgUnitType, unit),
    rows: ['OrgUnit deleted', 'User updated'],
    refused: ({ caller, operations }) => operations.deleteResource(caller, userType, nobody),
  },
  {
    verb: 'createConnection',
    does: ({ caller, operations }) => operations.createConnection(caller, wish()),
    rows: ['Connection created'],
    refused: ({ caller, operations }) =>
      operations.createConnection({ ...caller, rights: ['admin'] }, wish(['operator'])),
  },
  {
    verb: 'updateConnection',
    does: ({ caller, operations, connection }) =>
      operations.updateConnection(caller, connection, { guard: 'off' }, [scim]),
    rows: ['Connection updated'],
    refused: ({ caller, operations }) => operations.updateConnection(caller, nobody, { guard: 'off' }, [scim]),
  },
  {
    verb: 'rotateConnection',
    does: ({ caller, operations, connection }) => operations.rotateConnection(caller, connection, 1),
    rows: ['Connection updated'],
    refused: ({ caller, operations }) => operations.rotateConnection(caller, nobody, 1),
  },
  {
    verb: 'revokeToken',
    does: async ({ caller, operations, roll, connection }) => {
      const text =
        'select prefix from credential where connection = $1 and revoked_at is null order by created_at desc limit 1';
      const { rows } = await roll.client.query(text, [connection]);
      await operations.revokeToken(caller, connection, rows[0].prefix);
    },
    rows: ['Connection updated'],
    refused: ({ caller, operations, connection }) => operations.revokeToken(caller, connection, 'no such'),
  },
  {
    verb: 'allowRemovals',
    does: ({ caller, operations, connection }) => operations.allowRemovals(caller, connection, 5),
    rows: ['Connection updated'],
    refused: ({ caller, operations, connection }) => operations.allowRemovals(caller, connection, -1),
  },
  {
    verb: 'addConnectionKey',
    does: ({ caller, operations, connection }) => operations.addConnectionKey(caller, connection, jwk),
    rows: ['Connection updated'],
    refused: ({ caller, operations }) => operations.addConnectionKey(caller, nobody, jwk),
  },
  {
    verb: 'removeConnectionKey',
    does: async ({ caller, operations, connection }) => {
      const { keys } = await operations.getConnection(caller, connection);
      await operations.removeConnectionKey(caller, connection, keys[0] ?? '');
    },
    rows: ['Connection updated'],
    refused: ({ caller, operations, connection }) => operations.removeConnectionKey(caller, connection, 'no such'),
  },
  {
    verb: 'issueSecret',
    does: ({ caller, operations, connection }) => operations.issueSecret(caller, connection, 1),
    rows: ['Connection updated'],
    refused: ({ caller, operations, connection }) => operations.issueSecret(caller, connection, 0),
  },
  {
    verb: 'trustEntra',
    does: ({ caller, operations, connection }) => operations.trustEntra(caller, connection, entra),
    rows: ['Connection updated'],
    refused: ({ caller, operations }) => operations.trustEntra(caller, nobody, entra),
  },
  {
    verb: 'distrustEntra',
    does: ({ caller, operations, connection }) => operations.distrustEntra(caller, connection),
    rows: ['Connection updated'],
    refused: ({ caller, operations }) => operations.distrustEntra(caller, nobody),
  },
  {
    verb: 'revokeConnection',
    does: ({ caller, operations, connection }) => operations.revokeConnection(caller, connection),
    rows: ['Connection deleted'],
    refused: ({ caller, operations }) => operations.revokeConnection(caller, nobody),
  },
  {
    verb: 'createTenant',
    does: ({ caller, operations }) => operations.createTenant(caller, name()),
    rows: ['Tenant created'],
    refused: ({ caller, operations }) => operations.createTenant(caller, 'roll'),
  },
  {
    verb: 'setPassword',
    does: ({ caller, operations, person }) =>
      operations.setPassword(caller, person, { password: 'correct horse battery staple' }),
    rows: ['User updated'],
    refused: ({ caller, operations }) =>
      operations.setPassword(caller, nobody, { password: 'correct horse battery staple' }),
  },
  {
    verb: 'completePasswordReset',
    does: async (run) => run.operations.completePasswordReset({ ...resetOf(run), token: await resetToken(run) }),
    rows: ['User updated'],
    refused: (run) => run.operations.completePasswordReset({ ...resetOf(run), token: 'no such' }),
  },
  {
    verb: 'verifyEmails',
    does: async ({ caller, operations, roll, person }) => {
      const text = `insert into unverified_email (tenant, user_id, email_key) values ($1, $2, $3)`;
      await roll.client.query(text, [caller.tenant, person, email]);
      await operations.verifyEmails(caller, person);
    },
    rows: ['User updated'],
    refused: ({ caller, operations }) => operations.verifyEmails(caller, nobody),
  },
  {
    verb: 'protectUser',
    does: ({ caller, roll, person }) => protectUser(caller, roll.db, person, true),
    rows: ['User updated'],
    refused: ({ caller, roll }) => protectUser(caller, roll.db, nobody, true),
  },
  {
    verb: 'eraseUser',
    does: async ({ caller, roll, person }) => {
      await protectUser({ ...caller, tenant: caller.tenant, requestId: 'before' }, roll.db, person, false);
      await eraseUser(caller, roll.db, person);
    },
    rows: ['User deleted', 'User erased', 'User updated'],
    refused: ({ caller, roll }) => eraseUser(caller, roll.db, nobody),
  },
];

/** Verbs that change nothing which the journal tells of; what they keep is tested where they are. */
const silent: Readonly<Record<string, string>> = {
  issueAccessToken: 'an access token lives for hours and is in the request log',
  invitePerson: 'a mail changes nobody',
  requestPasswordReset: 'a mail changes nobody',
  signIn: 'a sign-in is the state of a person, not a change of him',
  signOut: 'the end of a session',
};
/** Verbs with a state of sign-ins or an empty roll to work on, which their own tests make. */
const elsewhere = ['changePassword', 'endUserSessions', 'setUpTenant', 'unlockUser'];
const reading = /^(list|get|find|read|describe|search|state|enter|is|plan|tenantOf|count|resolve)/;

describe('every operation that changes something (T-32)', () => {
  let run: Run;
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(18);
    const emails = [{ value: email, primary: true }];
    const person = (await roll.create(userType, { userName: 'person', emails })).id;
    const unit = (await roll.create(orgUnitType, { kind: 'SHOP', displayName: 'Shop' })).id;
    await roll.create(userType, {
      userName: 'other',
      muster: { shops: [{ value: unit }] },
      enterprise: { manager: { value: person } },
    });
    const { resource } = await buildOperations(roll.db).createResource(roll.caller, groupType, {
      ...{ changes: changesOf({ displayName: 'group' }), rules, members: [person] },
    });
    const operations = buildOperations(roll.db);
    const { connection } = await operations.createConnection(roll.admin, wish());
    run = { caller: roll.admin, operations, roll, person, group: resource.id, unit, connection };
  });
  afterAll(() => roll.close());

  /** The rows that came of one request, and whether any resource has two of one action. */
  async function rowsOf(requestId: string): Promise<string[]> {
    const text = `select kind, action, resource from journal where request_id = $1 order by kind, action, sequence`;
    const { rows } = await roll.client.query(text, [requestId]);
    expect(new Set(rows.map(({ resource, action }) => `${resource} ${action}`)).size).toBe(rows.length);
    return rows.map(({ kind, action }) => `${kind} ${action}`);
  }

  test.each(laws)(
    '$verb writes one row for each resource, and none when it is refused',
    async ({ does, rows, refused }) => {
      const [failed, done] = [name(), name()];
      await expect(refused({ ...run, caller: { ...run.caller, requestId: failed } })).rejects.toThrow();
      expect(await rowsOf(failed)).toEqual([]);
      await does({ ...run, caller: { ...run.caller, requestId: done } });
      expect(await rowsOf(done)).toEqual(rows);
    },
  );

  test('is in the list above', () => {
    const listed = new Set([...laws.map(({ verb }) => verb), ...Object.keys(silent), ...elsewhere]);
    const verbs = Object.keys(run.operations).filter((verb) => !reading.test(verb));
    expect(verbs.length).toBeGreaterThan(8);
    expect(verbs.filter((verb) => !listed.has(verb))).toEqual([]);
  });
});
