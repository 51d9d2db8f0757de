import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { sealJournal } from '#journal/seal-journal.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { setPassword } from '#operations/set-password.ts';
import { openRoll, type TestRoll } from '#test/operations/open-roll.ts';
import { command } from '#test/support/run-command.ts';
import { waitUntil } from '#test/support/wait-until.ts';

let roll: TestRoll;
let client: Client;
let ivan: string;
beforeAll(async () => {
  roll = await openRoll(18);
  client = roll.client;
  ivan = (await roll.create(userType, { userName: 'ivan', title: 'Dr.' })).id;
  await roll.update(userType, ivan, [{ op: 'set', path: 'active', value: false }]);
  await client.query(
    `insert into connection (tenant, id, name, dialect, profile, rights) values ($1, $2, 'Okta', 'scim', 'okta', '{write}')`,
    [roll.caller.tenant, roll.caller.connection],
  );
  const isSealed = async () => {
    await sealJournal(roll.db, roll.caller.tenant);
    const { rows } = await client.query(
      'select (select count(*) from journal) = (select count(*) from journal_seal) as all',
    );
    return rows[0].all;
  };
  await waitUntil(isSealed, 'every row to be sealed', { deadlineMs: 60_000 });
});
afterAll(() => roll.close());

/** Runs a verb and gives what it prints and its exit code. */
async function muster(...words: string[]): Promise<{ text: string; code: number; stderr: string }> {
  const { stdout, code, stderr } = await command(words, { DATABASE_URL: roll.database.url });
  return { text: stdout, code, stderr };
}

const jsonOf = async (...words: string[]) => JSON.parse((await muster(...words, '--json')).text);
const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)`;

describe('the command line', () => {
  test('says why somebody is inactive, in its first line', async () => {
    const { text } = await muster('user', 'timeline', 'IVAN', '--tenant', 'roll');
    const [head, , newest, change] = text.split('\n');
    const did = 'deactivated by the connection "Okta" (scim), request test';
    expect(head).toMatch(new RegExp(`^ivan is inactive since ${time}: `));
    expect(head?.endsWith(did)).toBe(true);
    expect(newest).toMatch(new RegExp(`^${time}  deactivated by`));
    expect(change).toBe('    active: true → false');
  });

  test('shows what somebody was at a moment', async () => {
    const named = await muster('user', 'at', 'IVAN', '0m', '--tenant', 'roll');
    expect(named.text).toMatch(new RegExp(`^On ${time} the user ivan \\(${ivan}\\) was inactive\n`));
    const coming = await muster('user', 'at', 'ivan', '2999-01-31', '--tenant', 'roll');
    expect([coming.code, coming.text]).toEqual([1, '']);
    expect(coming.stderr).toMatch(/^<time> "2999-01-31" is still to come/);
    const now = await jsonOf('user', 'at', ivan, new Date().toISOString(), '--tenant', 'roll');
    expect(now).toMatchObject({ id: ivan, state: 'inactive', attributes: { userName: 'ivan', title: 'Dr.' } });
    const { text } = await muster('user', 'at', ivan, '2020-01-31T12:00:00Z', '--tenant', 'roll');
    expect(text).toMatch(/ was not on the roll\n$/);
  });

  test('lists the journal, newest first', async () => {
    const { entries, next } = await jsonOf('journal', 'list', '--tenant', 'roll', '--resource', ivan, '--count', '1');
    expect(entries.map(({ action }: { action: string }) => action)).toEqual(['updated']);
    const { text } = await muster('journal', 'list', '--tenant', 'roll', '--resource', ivan, '--before', String(next));
    expect(text).toMatch(
      new RegExp(String.raw`^\d+  ${time}  User ${ivan} created by .*\n    userName: nothing → "ivan"\n`),
    );
  });

  test('lists what one connection did, by name and by id, and names it', async () => {
    const { connection } = roll.caller;
    const list = (...words: string[]) => muster('journal', 'list', '--tenant', 'roll', ...words);
    const { text } = await list('--connection', 'Okta', '--count', '1');
    expect(text).toMatch(new RegExp(` updated by "Okta" ${connection} \\(scim\\), request test\n`));
    expect((await list('--connection', connection, '--count', '1')).text).toBe(text);
    const unknown = await list('--connection', 'nobody');
    expect([unknown.code, unknown.stderr]).toEqual([1, 'There is no connection of this name or id in this tenant.\n']);
  });

  test.each([
    ['--from', ['journal', 'list', '--from', 'now']],
    ['--to', ['journal', 'list', '--to', '2026-02-30']],
    ['--since', ['user', 'timeline', 'ivan', '--since', 'now']],
    ['<time>', ['user', 'at', 'ivan', 'now']],
  ])('names %s when it is no time, and what would be right', async (option, words) => {
    const { code, stderr } = await muster(...words, '--tenant', 'roll');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^${option} "\\S+" is not a time; it should be one such as .*2026-01-31 .*UTC`));
  });

  test('verifies the journal, and its exit code tells a finding', async () => {
    const [{ head, ...found }] = await jsonOf('journal', 'verify');
    expect(found).toEqual({ tenant: 'roll', sealed: 3, unsealed: 0, erased: 0, begins: 1 });
    const fine = await muster('journal', 'verify', '--tenant', 'roll', '--head', `${head.position}:${head.hash}`);
    expect(fine.code).toBe(0);
    expect(fine.text).toBe(
      `roll: the journal is as it was sealed. 3 rows sealed, 0 of them erased; 0 not sealed yet.\n  The chain ends at 3:${head.hash}\n`,
    );
    const cut = await muster('journal', 'verify', '--head', `4:${'0'.repeat(64)}`);
    expect([cut.code, cut.text]).toEqual([
      1,
      expect.stringContaining('First finding: cut off, position 4 of the chain: the head that was kept'),
    ]);
    expect((await muster('journal', 'verify', '--head', 'abc')).stderr).toMatch(/^--head should be/);
    await client.query(`update journal set dialect = 'x' where resource = $1 and action = 'created'`, [ivan]);
    const { code, text } = await muster('journal', 'verify');
    await client.query(`update journal set dialect = 'scim' where resource = $1 and action = 'created'`, [ivan]);
    expect(code).toBe(1);
    expect(text).toMatch(/^roll: the journal was tampered with\. First finding: altered, number \d+ of journal list: /);
  });

  test('says what an erasure would remove, and does it when told to', async () => {
    const planned = await muster('user', 'erase', 'ivan', '--tenant', 'roll');
    expect(planned.text).toMatch(/^user +ivan\n[\s\S]*Nothing is removed yet: add --yes to remove it\.\n$/);
    expect(await jsonOf('user', 'erase', 'ivan', '--tenant', 'roll')).toMatchObject({
      erased: false,
      plan: { id: ivan },
    });
    expect(await jsonOf('user', 'erase', 'ivan', '--tenant', 'roll', '--yes')).toMatchObject({
      erased: true,
      id: ivan,
    });
    const { text } = await muster('user', 'timeline', ivan, '--tenant', 'roll');
    expect(text).toMatch(new RegExp(`^${ivan} is erased since .*: personal data erased by the command line`));
    expect(text).not.toContain('Dr.');
    expect((await muster('user', 'timeline', 'ivan', '--tenant', 'roll')).stderr).toMatch(/^Nobody in this tenant/);
  });

  test('shows as much of a past as is asked for, also that of who is deleted, under his last name', async () => {
    const { id } = await roll.create(userType, { userName: 'olga' });
    await setPassword(roll.admin, roll.db, id, { temporary: true });
    await deleteResource(roll.admin, roll.db, userType, id);
    const { text } = await muster('user', 'timeline', 'olga', '--tenant', 'roll');
    expect(text).toMatch(new RegExp(`^olga is deleted since ${time}: `));
    expect(text).toContain('\n    password set\n');
    const [, , ...shown] = (await muster('user', 'timeline', id, '--tenant', 'roll', '--count', '1')).text.split('\n');
    expect(shown.at(0)).toContain('deleted by');
    expect(shown.at(-2)).toMatch(/^There is more before: add --before \d+$/);
    expect((await muster('user', 'timeline', id, '--count', '0')).stderr).toMatch(/^--count "0" should be/);
  });
});
