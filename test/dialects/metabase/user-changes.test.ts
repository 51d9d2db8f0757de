import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import type { Answer } from '#test/support/muster.ts';
import { type Client, clientFor, type Member, type Metabase, meetSomebody, startMetabase } from './cast.ts';

let metabase: Metabase;
let admin: Client;

beforeAll(async () => {
  metabase = await startMetabase();
  admin = metabase.as('crowberto');
});
afterAll(() => metabase.stop());

const forbidden = [403, "You don't have permissions to do that."];
const ofAnother = [400, { errors: { email: 'Email address already associated to another user.' } }];
const brief = ({ status, body }: Answer) => [status, body];
const idsOf = ({ body }: Answer) => body.user_group_memberships.map(({ id }: { id: number }) => id);
const somebody = (values: Values = {}) => meetSomebody(metabase, values);
const named = (givenName: string, familyName: string) => ({ name: { givenName, familyName } });
const pathOf = ({ number }: Member) => `/api/user/${number}`;

let addresses = 0;
function newEmail(): string {
  addresses += 1;
  return `new-${addresses}@metabase.com`;
}

describe('changing', () => {
  test('case 57: a superuser changes the name and the e-mail of another', async () => {
    const { member } = await somebody({ ...named('Cam', 'Era'), muster: { superuser: true } });
    const email = newEmail();
    const answer = await admin.put(pathOf(member), { last_name: 'Eron', email: email.toUpperCase() });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ email, last_name: 'Eron', first_name: 'Cam', common_name: 'Cam Eron' });
    expect([answer.body.is_superuser, idsOf(answer)]).toEqual([true, [1, 2]]);
    expect((await admin.get(pathOf(member))).body).toEqual(answer.body);
  });

  test('case 58: a superuser sets login attributes, and null clears them', async () => {
    const { member } = await somebody();
    const { body } = await admin.put(pathOf(member), { login_attributes: { test: 'value', none: null, many: [1] } });
    expect(body.login_attributes).toEqual({ test: 'value', none: null, many: '[1]' });
    expect((await admin.put(pathOf(member), { login_attributes: null })).body.login_attributes).toBeNull();
  });

  test('cases 59 and 60: nothing changes when nothing is sent, or what is there', async () => {
    const { member } = await somebody(named('Same', 'Name'));
    const before = (await admin.get(pathOf(member))).body;
    expect((await admin.put(pathOf(member), {})).body).toEqual(before);
    expect((await admin.put(pathOf(member))).body).toEqual(before);
    expect((await admin.put(pathOf(member), { first_name: 'Same', last_name: 'Name' })).body).toEqual(before);
  });

  test('cases 61 to 64: names may be null, and the common name is made of what there is', async () => {
    const { member } = await somebody(named('Some', 'Name'));
    const put = async (first_name: string | null, last_name: string | null) => {
      const { body } = await admin.put(pathOf(member), { first_name, last_name });
      return [body.first_name, body.last_name, body.common_name];
    };
    expect(await put(null, null)).toEqual([null, null, member.email]);
    const { updated_at } = (await admin.get(pathOf(member))).body;
    expect(await put(null, null)).toEqual([null, null, member.email]);
    expect((await admin.get(pathOf(member))).body.updated_at).toBe(updated_at);
    expect(await put(null, 'Apron')).toEqual([null, 'Apron', 'Apron']);
    expect(await put('Blue', null)).toEqual(['Blue', null, 'Blue']);
  });

  test('cases 65 to 67: who came through a single sign-on keeps his name', async () => {
    const { member, self } = await somebody({ ...named('Sam', 'Lee'), muster: { ssoSource: 'jwt' } });
    const first = [400, { errors: { first_name: 'Editing first name is not allowed for SSO users.' } }];
    const last = [400, { errors: { last_name: 'Editing last name is not allowed for SSO users.' } }];
    for (const client of [self, admin]) {
      expect(brief(await client.put(pathOf(member), { first_name: 'Other' }))).toEqual(first);
      expect(brief(await client.put(pathOf(member), { last_name: 'Other' }))).toEqual(last);
      expect((await client.put(pathOf(member), { first_name: 'Sam', last_name: 'Lee' })).status).toBe(200);
    }
  });

  test('cases 68 and 69: the e-mail of a deactivated person is refused, in any case', async () => {
    const { member, self } = await somebody();
    for (const email of ['trashbird@metabase.com', 'TRASHBIRD@metabase.com']) {
      expect(brief(await self.put(pathOf(member), { email }))).toEqual(ofAnother);
      expect(brief(await admin.put(pathOf(member), { email }))).toEqual(ofAnother);
    }
    expect((await admin.get(pathOf(member))).body.email).toBe(member.email);
  });

  test('case 70: nobody makes himself a superuser', async () => {
    const { member, self } = await somebody();
    const { status, body } = await self.put(pathOf(member), { is_superuser: true, login_attributes: { a: 'b' } });
    expect([status, body.is_superuser, body.login_attributes]).toEqual([200, false, null]);
  });

  test('T-17: who becomes a superuser, or is one no longer, has to sign in again', async () => {
    const { member, self } = await somebody();
    expect((await self.get('/api/user/current')).status).toBe(200);
    for (const is_superuser of [true, false]) {
      const session = await clientFor(metabase, member);
      expect((await admin.put(pathOf(member), { is_superuser })).status).toBe(200);
      expect(brief(await session.get('/api/user/current'))).toEqual([401, 'Unauthenticated']);
    }
  });

  test('case 71: who is no superuser changes nobody else', async () => {
    const { cast } = metabase;
    expect(brief(await metabase.as('rasta').put(pathOf(cast.trash), { email: newEmail() }))).toEqual(forbidden);
    expect(brief(await metabase.as('rasta').put('/api/user/2147483647', {}))).toEqual(forbidden);
  });

  test('case 72: a deactivated person is not found', async () => {
    const sent = { email: newEmail() };
    expect(brief(await admin.put(pathOf(metabase.cast.trash), sent))).toEqual([404, 'Not found.']);
    expect(brief(await admin.put('/api/user/2147483647', sent))).toEqual([404, 'Not found.']);
  });

  test.each(['google', 'ldap'])('cases 73 and 74: a person of %s does not change his e-mail', async (ssoSource) => {
    const { member, self } = await somebody({ muster: { ssoSource } });
    expect(brief(await self.put(pathOf(member), { email: newEmail() }))).toEqual(forbidden);
    expect((await self.put(pathOf(member), { email: member.email })).status).toBe(200);
    expect((await admin.put(pathOf(member), { email: newEmail() })).status).toBe(200);
  });

  test('case 83: a person chooses his own language', async () => {
    const { member, self } = await somebody();
    for (const [sent, kept] of [
      ['es-MX', 'es_MX'],
      ['es_MX', 'es_MX'],
      ['es', 'es'],
      [null, null],
    ]) {
      expect((await self.put(pathOf(member), { locale: sent })).body.locale).toBe(kept);
    }
  });

  test('cases 84 and 85: a superuser chooses the language of another, an ordinary person does not', async () => {
    const { member } = await somebody();
    expect((await admin.put(pathOf(member), { locale: 'en-US' })).body.locale).toBe('en_US');
    expect(brief(await metabase.as('lucky').put(pathOf(member), { locale: 'es' }))).toEqual(forbidden);
    expect((await admin.get(pathOf(member))).body.locale).toBe('en_US');
  });

  test.each([{}, '', 100, 'ab/cd', 'USA!', 'eng', 'eng-USA', 'zz', 'xx', 'xx-yy'])(
    'case 86: %j is no language',
    async (locale) => {
      const { member } = await somebody({ locale: 'en_US' });
      const { status, body } = await admin.put(pathOf(member), { locale });
      expect([status, body.errors.locale]).toEqual([
        400,
        "nullable String must be a valid two-letter ISO language or language-country code e.g. 'en' or 'en_US'.",
      ]);
      expect((await admin.get(pathOf(member))).body.locale).toBe('en_US');
    },
  );

  test('parameters are looked at in the order of the documents', async () => {
    const { member } = await somebody();
    const wrong = { last_name: '', login_attributes: 1, is_superuser: 'x', locale: 'zz', first_name: '', email: 'x' };
    const order = [
      'email',
      'first_name',
      'is_group_manager',
      'locale',
      'is_superuser',
      'login_attributes',
      'last_name',
    ];
    const sent: Record<string, unknown> = { ...wrong, is_group_manager: 7 };
    for (const name of order) {
      expect(Object.keys((await admin.put(pathOf(member), sent)).body.errors)).toEqual([name]);
      delete sent[name];
    }
  });

  test('a key changes people as a superuser does', async () => {
    const { member } = await somebody();
    const token = await metabase.muster.connect({ dialect: 'metabase', name: 'Writing script' });
    const { status, body } = await metabase.with({ 'X-API-Key': token }).put(pathOf(member), { is_superuser: true });
    expect([status, body.is_superuser]).toEqual([200, true]);
  });
});
