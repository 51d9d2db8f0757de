import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '#test/support/make-folder.ts';
import { type Muster, request, startMuster } from '#test/support/muster.ts';
import { type CommandEnd, command } from '#test/support/run-command.ts';

const users = {
  data: [
    { id: 12, email: 'ada@example.org', first_name: 'Ada', is_active: true, is_superuser: true, group_ids: [1, 2, 5] },
    { id: 3, email: 'bob@example.org', first_name: 'Bob', is_active: true, is_superuser: false, group_ids: [1, 5, 6] },
    { id: 7, email: 'eve@example.org', first_name: 'Eve', is_active: false, is_superuser: false, group_ids: [1] },
  ],
  ...{ total: 3, limit: null, offset: null },
};
const groups = [
  { id: 1, name: 'All Users', member_count: 2 },
  { id: 2, name: 'Administrators', member_count: 1 },
  { id: 5, name: 'Sales', member_count: 2 },
  { id: 6, name: 'Finance', member_count: 1 },
];

let muster: Muster;
let folder: string;
let token: string;
let known: string;
beforeAll(async () => {
  muster = await startMuster();
  folder = await makeFolder({ 'users.json': JSON.stringify(users), 'groups.json': JSON.stringify(groups) });
  token = await muster.connect({ dialect: 'metabase', name: 'scripts' });
  const scim = await muster.connect();
  known = (await muster.send(scim, 'POST', '/Users', { userName: 'bob@example.org', title: 'Dr.' })).body.id;
});
afterAll(() => muster.stop());

/** Puts a file into the folder. */
const save = (name: string, content: Buffer | unknown) =>
  writeFile(path.join(folder, name), Buffer.isBuffer(content) ? content : JSON.stringify(content));

/** Runs `muster import legacy` for a file of the folder. */
function bring(file: string, ...options: string[]): Promise<CommandEnd> {
  const words = ['import', 'legacy', path.join(folder, file), '--dialect', 'metabase', ...options];
  return command(words, { DATABASE_URL: muster.database.url });
}

const get = (where: string) =>
  request(`${muster.server.url}/api${where}`, undefined, 'GET', undefined, { 'X-API-Key': token });

describe('muster import legacy', () => {
  test('shows its plan first, and carries it out when told to', async () => {
    const withGroups = ['--groups', path.join(folder, 'groups.json')];
    const planned = await bring('users.json', ...withGroups);
    expect(planned).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: [
        'people: 2 created (1 superuser), 1 matched, 0 unchanged, 0 in conflict',
        '  created   12  ada@example.org (superuser)',
        '  created   7  eve@example.org (inactive)',
        '  matched   3  bob@example.org: stays as it is here in name, emails',
        'groups: 2 created, 0 matched, 0 unchanged, 0 in conflict',
        '  created   5  Sales',
        '  created   6  Finance',
        'memberships: 3 added',
        'Nothing is imported yet: add --apply to import it.',
        '',
      ].join('\n'),
    });
    expect((await get('/user/12')).status).toBe(404);
    const done = await bring('users.json', ...withGroups, '--apply', '--json');
    expect([done.code, JSON.parse(done.stdout)]).toEqual([
      0,
      {
        applied: true,
        people: {
          created: [
            { id: '12', name: 'ada@example.org', superuser: true },
            { id: '7', name: 'eve@example.org', active: false },
          ],
          matched: [{ id: '3', name: 'bob@example.org', resource: known, differs: ['name', 'emails'] }],
          ...{ unchanged: [], conflicts: [], moved: [] },
        },
        groups: {
          created: [
            { id: '5', name: 'Sales' },
            { id: '6', name: 'Finance' },
          ],
          ...{ matched: [], unchanged: [], conflicts: [], moved: [] },
        },
        memberships: { added: 3, leftOut: 0 },
        unusable: [],
      },
    ]);
    expect((await bring('users.json', ...withGroups, '--apply')).stdout).toBe(
      'people: 0 created, 0 matched, 3 unchanged, 0 in conflict\ngroups: 0 created, 0 matched, 2 unchanged, 0 in conflict\n',
    );
  });

  test('lets the clients of Metabase go on with the ids that they know', async () => {
    const { body: list } = await get('/user?status=all');
    const shown = list.data.map(({ id, email, group_ids }: Record<string, unknown>) => [id, email, group_ids]);
    expect(shown).toEqual([
      [12, 'ada@example.org', [1, 2, 5]],
      [7, 'eve@example.org', [1]],
      [3, null, [1, 5, 6]],
    ]);
    expect((await get('/user/7')).body).toMatchObject({ id: 7, first_name: 'Eve', is_active: false });
    expect((await get('/user/3')).body).toMatchObject({ user_group_memberships: [{ id: 1 }, { id: 5 }, { id: 6 }] });
    const groupsSeen = (await get('/permissions/group')).body.map(({ id, name }: Record<string, unknown>) => [
      id,
      name,
    ]);
    expect(groupsSeen).toContainEqual([5, 'Sales']);
    const memberships = (await get('/permissions/membership')).body;
    expect(memberships['3'].map((each: Record<string, unknown>) => [each.group_id, each.user_id])).toEqual(
      expect.arrayContaining([
        [5, 3],
        [6, 3],
      ]),
    );
  });

  test('names what it leaves out, with what to do, and its exit code says so', async () => {
    await save('more.json', [{ id: 12, email: 'eve@example.org' }, { id: 99, email: 'bob@example.org' }, { id: 100 }]);
    const { code, stdout } = await bring('more.json', '--apply');
    expect([code, stdout.split('\n')]).toEqual([
      1,
      [
        'people: 0 created, 0 matched, 0 unchanged, 2 in conflict, 1 unusable',
        '  conflict  12  eve@example.org: the id is that of one here and the e-mail or name that of another; correct one of them',
        '  conflict  99  bob@example.org: is here already with the id 3 of this API; an id never changes',
        '  unusable  people[2].email should be text',
        '',
      ],
    ]);
  });

  test('says which other id somebody got who gave way', async () => {
    const scim = await muster.connect({ name: 'scim2' });
    await muster.send(scim, 'POST', '/Users', { userName: 'zoe', name: { givenName: 'Zoe' } });
    const { id } = (await get('/user?query=zoe')).body.data[0];
    await save('zoe.json', [{ id, email: 'yan@example.org' }]);
    const line = `  moved     ${id}  zoe: gets another id in this API, a free one`;
    expect((await bring('zoe.json', '--give-way')).stdout.split('\n')).toContain(line);
    const done = (await bring('zoe.json', '--give-way', '--apply')).stdout;
    const newId = / {2}zoe: has the id (\d+) in this API now\n/.exec(done)?.[1];
    expect((await get(`/user/${newId}`)).body).toMatchObject({ first_name: 'Zoe' });
    const shown = await command(['user', 'show', 'zoe'], { DATABASE_URL: muster.database.url });
    expect(shown.stdout).toMatch(new RegExp(`^number +${id}\n(.*\n)*ids +metabase ${newId}\n`, 'm'));
    const admin = await muster.connect({ dialect: 'admin', name: 'admin', rights: ['read', 'admin'] });
    const described = await request(`${muster.server.url}/admin/v1/users/zoe`, admin, 'GET', undefined, {});
    expect(described.body.broughtIds).toEqual([{ dialect: 'metabase', key: newId }]);
  });

  test('shows the first of many', async () => {
    await save(
      'many.json',
      Array.from({ length: 12 }, (_, index) => ({ id: 200 + index, email: `p${index}@example.org` })),
    );
    const lines = (await bring('many.json')).stdout.split('\n');
    expect(lines.slice(-4)).toEqual([
      '  created   209  p9@example.org',
      '            and 2 more, which --json shows',
      'Nothing is imported yet: add --apply to import it.',
      '',
    ]);
  });

  test.each([
    [
      'an unknown API',
      ['users.json', '--dialect', 'scim'],
      '--dialect "scim" is not known; possible: metabase, callbox.\n',
    ],
    [
      'groups of an API without any',
      ['users.json', '--dialect', 'callbox', '--groups', 'x'],
      'The API callbox knows no groups: leave --groups out.\n',
    ],
    ['a file that is not there', ['none.json'], /^The file \/.*none\.json cannot be read \(ENOENT\): name the one/],
    ['a file that is no UTF-8', ['latin.json'], /^The file \/.*latin\.json is not UTF-8/],
    [
      'a file that is no list',
      ['word.json'],
      /^The file \/.*word\.json with the people is not JSON: look into it, the old system may have answered with an error\.\n$/,
    ],
    [
      'the people of another API',
      ['users.json', '--dialect', 'callbox'],
      /users\.json with the people looks like the list of people of metabase: give what GET .* answers, or choose --dialect metabase\.\n$/,
    ],
  ])('refuses %s in one sentence', async (_what, [file = '', ...options], words) => {
    await save('latin.json', Buffer.from([0x5b, 0x22, 0xe9, 0x22, 0x5d]));
    await save('word.json', Buffer.from('hello'));
    const { code, stdout, stderr } = await bring(file, ...options);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });
});
