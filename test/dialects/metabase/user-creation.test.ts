import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { type Client, type Metabase, makeGroup, startMetabase } from './cast.ts';

let metabase: Metabase;
let admin: Client;

beforeAll(async () => {
  metabase = await startMetabase();
  admin = metabase.as('crowberto');
});
afterAll(() => metabase.stop());

const forbidden = [403, "You don't have permissions to do that."];
const allUsersText = "You cannot add or remove users to/from the 'All Users' group.";
const emailText = 'value must be a valid email address.';
const inUse = [400, { errors: { email: 'Email address already in use.' } }];
const brief = ({ status, body }: Answer) => [status, body];
const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const idsOf = ({ body }: Answer) => body.user_group_memberships.map(({ id }: { id: number }) => id);

let addresses = 0;
function newEmail(): string {
  addresses += 1;
  return `new-${addresses}@metabase.com`;
}

describe('creating', () => {
  test('case 46: a superuser creates a person', async () => {
    const email = newEmail();
    const body = { first_name: 'Ada', last_name: 'Lovelace', email, login_attributes: { test: 'value' } };
    const answer = await admin.post('/api/user', body);
    expect(brief(answer)).toEqual([
      200,
      {
        ...{ id: expect.any(Number), email, date_joined: moment, first_name: 'Ada', last_name: 'Lovelace' },
        ...{ last_login: null, is_superuser: false, is_qbnewb: true, sso_source: null, is_active: true },
        ...{ updated_at: answer.body.date_joined, login_attributes: { test: 'value' }, locale: null },
        ...{ common_name: 'Ada Lovelace', user_group_memberships: [{ id: 1 }] },
      },
    ]);
    expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
    expect((await admin.get(`/api/user/${answer.body.id}`)).body).toEqual(answer.body);
  });

  test('who is created is sent an invitation with a code', async () => {
    const email = newEmail();
    const { body } = await admin.post('/api/user', { email });
    const mailTo = () => metabase.mails.find(({ to }) => to === email);
    await waitUntil(() => mailTo() !== undefined, 'the invitation');
    expect(mailTo()?.text).toContain(`/auth/reset_password/${body.id}_`);
  });

  test('case 47: who is no superuser creates nobody', async () => {
    const email = newEmail();
    expect(brief(await metabase.as('rasta').post('/api/user', { email }))).toEqual(forbidden);
    expect((await admin.get(`/api/user?query=${email}`)).body.total).toBe(0);
  });

  test('cases 48 and 56: an e-mail that somebody has is refused, in any case and of a deactivated person too', async () => {
    expect(brief(await admin.post('/api/user', { email: 'rasta@metabase.com' }))).toEqual(inUse);
    expect(brief(await admin.post('/api/user', { email: 'RASTA@Metabase.COM' }))).toEqual(inUse);
    expect(brief(await admin.post('/api/user', { email: 'trashbird@metabase.com' }))).toEqual(inUse);
  });

  test('cases 49 and 50: an e-mail that is missing or none is refused', async () => {
    const refused = (...specifics: readonly string[]) => [
      400,
      { errors: { email: emailText }, 'specific-errors': { email: specifics } },
    ];
    const missing = refused('should be a string, received: nil', 'valid email address, received: nil');
    expect(brief(await admin.post('/api/user', { first_name: 'Ada' }))).toEqual(missing);
    const wrong = refused('valid email address, received: "whatever"');
    expect(brief(await admin.post('/api/user', { email: 'whatever' }))).toEqual(wrong);
  });

  test('the form of a request is looked at before the right to send it', async () => {
    expect((await metabase.as('rasta').post('/api/user', { email: 'whatever' })).status).toBe(400);
  });

  test('case 51: a person is created in groups', async () => {
    const groups = [await makeGroup(metabase, []), await makeGroup(metabase, [])];
    const ids = [1, ...groups.map(({ number }) => number)];
    const answer = await admin.post('/api/user', {
      ...{ email: newEmail(), user_group_memberships: ids.map((id) => ({ id })) },
    });
    expect([answer.status, idsOf(answer)]).toEqual([200, ids]);
  });

  test('case 52: outside the group of all users nobody is created', async () => {
    const { number } = await makeGroup(metabase, []);
    const email = newEmail();
    const answer = await admin.post('/api/user', { email, user_group_memberships: [{ id: number }] });
    expect(brief(answer)).toEqual([400, allUsersText]);
    expect((await admin.get(`/api/user?query=${email}`)).body.total).toBe(0);
  });

  test('case 53: who is created in the group of administrators is a superuser', async () => {
    const answer = await admin.post('/api/user', { email: newEmail(), user_group_memberships: [{ id: 1 }, { id: 2 }] });
    expect([answer.body.is_superuser, idsOf(answer)]).toEqual([true, [1, 2]]);
  });

  test('case 54: is_superuser and group_ids are ignored', async () => {
    const answer = await admin.post('/api/user', { email: newEmail(), is_superuser: true, group_ids: [1, 2] });
    expect([answer.body.is_superuser, idsOf(answer)]).toEqual([false, [1]]);
  });

  test('case 55: an e-mail becomes lower case', async () => {
    const email = newEmail();
    expect((await admin.post('/api/user', { email: email.toUpperCase() })).body.email).toBe(email);
  });

  test('a group that is not there is refused, and nobody is created', async () => {
    const email = newEmail();
    const answer = await admin.post('/api/user', { email, user_group_memberships: [{ id: 1 }, { id: 999_999 }] });
    expect(brief(answer)).toEqual([400, 'Invalid Request.']);
    expect((await admin.get(`/api/user?query=${email}`)).body.total).toBe(0);
  });

  test('only the first parameter of the wrong form is named', async () => {
    const answer = await admin.post('/api/user', { email: 1, last_name: '', first_name: '   ' });
    expect(brief(answer)).toEqual([
      400,
      {
        errors: { first_name: 'nullable value must be a non-blank string.' },
        'specific-errors': { first_name: ['non-blank string, received: "   "'] },
      },
    ]);
    const empty = (await admin.post('/api/user', { email: 1, last_name: '' })).body;
    expect(empty['specific-errors']).toEqual({
      last_name: ['should be at least 1 characters, received: ""', 'non-blank string, received: ""'],
    });
  });

  test('a body that is not called JSON has no parameters, and broken JSON is refused', async () => {
    const form = { 'Content-Type': 'text/plain' };
    expect((await admin.post('/api/user', JSON.stringify({ email: newEmail() }), form)).body.errors.email).toBe(
      emailText,
    );
    expect(brief(await admin.post('/api/user', '{"email":'))).toEqual([400, 'Malformed JSON in request body.']);
    const suffixed = await admin.post('/api/user', { email: newEmail() }, { 'Content-Type': 'application/vnd.x+json' });
    expect(suffixed.status).toBe(200);
  });
});
