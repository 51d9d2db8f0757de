import { spoken } from '#dialects/metabase/spoken.ts';
import { rules } from '#test/operations/open-roll.ts';
import type { Law, Run } from './law.ts';

const namespace = { dialect: 'metabase', keys: 'number' } as const;
const access = { namespace, byManagers: false, rules } as const;
const missing = '999999';

async function numberOf({ roll }: Run, table: 'app_user' | 'app_group', id: string): Promise<string> {
  const { rows } = await roll.client.query(`select number from ${table} where id = $1`, [id]);
  return String(rows[0].number);
}

async function groupOf(run: Run) {
  return { ...access, group: { key: await numberOf(run, 'app_group', run.group) } };
}

async function join(run: Run): Promise<void> {
  const person = await numberOf(run, 'app_user', run.person);
  await run.operations.joinGroup(run.caller, { ...(await groupOf(run)), person, manages: false });
}

async function membershipOf({ roll, group, person }: Run) {
  const text = 'select number from group_member where group_id = $1 and user_id = $2';
  const { rows } = await roll.client.query(text, [group, person]);
  return { ...access, membership: { row: Number(rows[0].number) } };
}

const noMembership = { ...access, membership: { row: 999_999 } };
const noGroup = { ...access, group: { key: missing } };

/** Groups as the APIs beside SCIM change them; begins with the person as its manager, and ends with the group gone. */
const changesOfGroups: readonly Law[] = [
  {
    verb: 'updateMembership',
    does: async (run) => run.operations.updateMembership(run.caller, { ...(await membershipOf(run)), manages: false }),
    rows: ['Group updated'],
    refused: ({ caller, operations }) => operations.updateMembership(caller, { ...noMembership, manages: true }),
  },
  {
    verb: 'leaveGroup',
    does: async (run) => run.operations.leaveGroup(run.caller, await membershipOf(run)),
    rows: ['Group updated'],
    refused: ({ caller, operations }) => operations.leaveGroup(caller, noMembership),
  },
  {
    verb: 'joinGroup',
    does: join,
    rows: ['Group updated'],
    refused: async (run) => {
      const wish = { ...(await groupOf(run)), person: missing, manages: false };
      await run.operations.joinGroup(run.caller, wish);
    },
  },
  {
    verb: 'clearGroup',
    does: async (run) => run.operations.clearGroup(run.caller, await groupOf(run)),
    rows: ['Group updated'],
    refused: ({ caller, operations }) => operations.clearGroup(caller, noGroup),
  },
  {
    verb: 'renameGroup',
    does: async (run) => run.operations.renameGroup(run.caller, { ...(await groupOf(run)), name: 'renamed' }),
    rows: ['Group updated'],
    refused: ({ caller, operations }) => operations.renameGroup(caller, { ...noGroup, name: 'renamed' }),
  },
  {
    verb: 'deleteGroup',
    does: async (run) => run.operations.deleteGroup(run.caller, await groupOf(run)),
    rows: ['Group deleted'],
    refused: ({ caller, operations }) => operations.deleteGroup(caller, { ...access, group: 'everybody' }),
  },
];

const key = { namespace, spoken, name: 'a key', group: 'everybody' } as const;

async function keyOf({ roll }: Run): Promise<number> {
  const { rows } = await roll.client.query('select max(number) as number from api_key');
  return Number(rows[0].number);
}

const changesOfKeys: readonly Law[] = [
  {
    verb: 'createApiKey',
    does: ({ caller, operations }) => operations.createApiKey(caller, key),
    rows: ['Connection created'],
    refused: ({ caller, operations }) => operations.createApiKey(caller, { ...key, group: { key: missing } }),
  },
  {
    verb: 'updateApiKey',
    does: async (run) =>
      run.operations.updateApiKey(run.caller, { namespace, spoken, number: await keyOf(run), name: 'another' }),
    rows: ['Connection updated'],
    refused: ({ caller, operations }) => operations.updateApiKey(caller, { namespace, spoken, number: 999_999 }),
  },
  {
    verb: 'regenerateApiKey',
    does: async (run) => run.operations.regenerateApiKey(run.caller, namespace, await keyOf(run)),
    rows: ['Connection updated'],
    refused: ({ caller, operations }) => operations.regenerateApiKey(caller, namespace, 999_999),
  },
  {
    verb: 'deleteApiKey',
    does: async (run) => run.operations.deleteApiKey(run.caller, await keyOf(run)),
    rows: ['Connection deleted'],
    refused: ({ caller, operations }) => operations.deleteApiKey(caller, 999_999),
  },
];

/** What the APIs beside SCIM do to groups and keys. */
export const groupLaws: readonly Law[] = [...changesOfGroups, ...changesOfKeys];
