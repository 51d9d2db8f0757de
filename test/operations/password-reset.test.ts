import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { validateSession } from '#access/sessions.ts';
import { hashToken } from '#access/token.ts';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { domainLimits } from '#domain/limits.ts';
import { completePasswordReset, isResetTokenGood } from '#operations/complete-password-reset.ts';
import type { Mail, Mailer } from '#operations/mailer.ts';
import { requestPasswordReset } from '#operations/request-password-reset.ts';
import { setPassword } from '#operations/set-password.ts';
import { signIn } from '#operations/sign-in.ts';
import { insertResetToken } from '#store/reset-tokens.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { openRoll, type TestRoll } from './open-roll.ts';
import { waitForWaiting } from './wait-for-waiting.ts';

const password = 'correct horse battery';

let roll: TestRoll;
beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());

let email: string;
let posted: Promise<Mail | undefined>[];
/** A mailer that keeps what it would send. */
const mailer: Mailer = { post: (write) => void posted.push(write()) };
beforeEach(() => {
  posted = [];
  email = `${uuidv7()}@example.org`;
});

const stranger = () => ({ tenant: roll.caller.tenant, dialect: 'own', requestId: 'r-1' });

const makePerson = async (values: Values = {}) => {
  const emails = [{ value: email, primary: true }];
  return (await roll.create(userType, { userName: uuidv7(), emails, ...values })).id;
};
const ask = (address = email, from?: string) =>
  requestPasswordReset(roll.db, mailer, {
    ...stranger(),
    email: address,
    ...(from !== undefined && { address: from }),
  });
const mails = async () => (await Promise.all(posted)).filter((mail) => mail !== undefined);

/** The token of the last mail. */
async function tokenSent(): Promise<string> {
  return /^\d+_\S+$/m.exec((await mails()).at(-1)?.text ?? '')?.[0] ?? '';
}

const completion = (token: string) =>
  ({ ...stranger(), token, password, policy: 'own', sessionPolicy: 'own' }) as const;

function choose(token: string, wish: { password?: string } = {}) {
  return completePasswordReset(roll.db, { ...completion(token), ...wish });
}

describe('a wish for a new password', () => {
  test('sends one mail with a code, to the address as it is on the roll, and says who asked for what', async () => {
    const id = await makePerson();
    await ask(email.toUpperCase(), '203.0.113.9');
    const [mail, ...others] = await mails();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ person: id, to: email, subject: 'Choose a new password' });
    expect(await tokenSent()).toMatch(/^\d+_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const { text = '' } = mail ?? {};
    for (const part of [email, '203.0.113.9', '48 hours', 'the application in which you asked']) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/https?:/);
    const { rows } = await roll.client.query('select t::text from reset_token t where user_id = $1', [id]);
    expect(rows).toHaveLength(1);
    expect(rows[0].t).not.toContain((await tokenSent()).split('_')[1]);
  });

  test('for nobody is answered in the same way and sends nothing', async () => {
    const inactive = email;
    await makePerson({ active: false });
    email = `${uuidv7()}@example.org`;
    await makePerson({ muster: { authType: 'LDAP' } });
    for (const address of [inactive, email, 'nobody@example.org', 'a\0b', '\ud800', '']) {
      expect(await ask(address)).toBeUndefined();
    }
    expect(posted).toHaveLength(6);
    expect(await mails()).toEqual([]);
  });

  test('for a shared address sends nothing', async () => {
    await makePerson();
    await makePerson();
    await ask();
    expect(await mails()).toEqual([]);
  });

  test('is limited to three in 15 minutes for each address, whether it is anybody’s or not', async () => {
    for (const _ of [1, 2, 3]) await ask();
    expect(await faultWhen(ask(email.toUpperCase()))).toMatchObject({
      ...{ kind: 'rate_limited', details: { attribute: 'email', retryAfterSeconds: expect.any(Number) } },
    });
    expect(posted).toHaveLength(3);
  });

  test('is limited by network, whatever the addresses, and then uses up nobody’s mails', async () => {
    const [network, limit] = ['2001:db8:1:2::', domainLimits.resetMailsPerNetwork];
    for (let wishes = 0; wishes < limit; wishes += 1) await ask(`${uuidv7()}@example.org`, `${network}${wishes + 1}`);
    for (const _ of [1, 2, 3])
      expect(await faultWhen(ask(email, `${network}1`))).toMatchObject({ kind: 'rate_limited' });
    expect(posted).toHaveLength(limit);
    for (const _ of [1, 2, 3]) await ask(email, '203.0.113.10');
  });

  test('of somebody who is deactivated, or gets another address, before the mail is written sends nothing', async () => {
    const changes = [
      { op: 'set', path: 'active', value: false },
      { op: 'set', path: 'emails', value: [{ value: 'else@example.org', primary: true }] },
    ] as const;
    for (const change of changes) {
      email = `${uuidv7()}@example.org`;
      const id = await makePerson();
      const writes: (() => Promise<Mail | undefined>)[] = [];
      await requestPasswordReset(roll.db, { post: (write) => void writes.push(write) }, { ...stranger(), email });
      const { version } = await roll.get(userType, id);
      await roll.update(userType, id, [change]);
      expect(await writes[0]?.()).toBeUndefined();
      const reset = { hash: hashToken(uuidv7()), person: id, version };
      const isKept = await roll.db.transaction((tx) => insertResetToken(tx, roll.caller.tenant, reset, 60));
      expect(isKept).toBe(false);
    }
  });

  test('of somebody who is being deactivated waits for that, and sends nothing', async () => {
    const id = await makePerson();
    await roll.client.query('begin');
    await roll.client.query('update app_user set active = false where id = $1', [id]);
    await ask();
    await waitForWaiting(roll.client, 1);
    await roll.client.query('commit');
    expect(await mails()).toEqual([]);
  });
});

describe('a reset token', () => {
  test('is good for one use, begins a session and ends all others and every other token', async () => {
    const id = await makePerson();
    await ask();
    const other = await tokenSent();
    await ask();
    const token = await tokenSent();
    expect(await isResetTokenGood(roll.db, roll.caller.tenant, token)).toBe(true);
    const both = await Promise.allSettled([choose(token), choose(token)]);
    const [signedIn] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(signedIn).toMatchObject({ person: id });
    const session = await validateSession(roll.db, roll.caller.tenant, hashToken(signedIn?.token ?? ''));
    expect(session).toMatchObject({ person: id });
    for (const used of [token, other]) {
      expect(await isResetTokenGood(roll.db, roll.caller.tenant, used)).toBe(false);
      expect(await faultWhen(choose(used))).toMatchObject({ kind: 'invalid_value', details: { attribute: 'token' } });
    }
    expect((await signIn(roll.db, { ...stranger(), name: email, password, sessionPolicy: 'own' })).person).toBe(id);
  });

  test('stays good when the password is refused', async () => {
    await makePerson();
    await ask();
    const token = await tokenSent();
    expect(await faultWhen(choose(token, { password: 'short' }))).toMatchObject({
      ...{ kind: 'invalid_value', details: { attribute: 'password' } },
    });
    expect(await isResetTokenGood(roll.db, roll.caller.tenant, token)).toBe(true);
  });

  test('ends when the person gets another e-mail or userName, and stays with anything else', async () => {
    const id = await makePerson();
    const changes = [
      [true, { op: 'set', path: 'displayName', value: 'Ada' }],
      [false, { op: 'set', path: 'userName', value: uuidv7() }],
      [false, { op: 'set', path: 'emails', value: [{ value: email, primary: true }, { value: `x${email}` }] }],
    ] as const;
    for (const [stays, change] of changes) {
      await ask();
      const token = await tokenSent();
      await roll.update(userType, id, [change]);
      expect(await isResetTokenGood(roll.db, roll.caller.tenant, token)).toBe(stays);
    }
  });

  test('begins no session where none is wished for', async () => {
    const id = await makePerson();
    await ask();
    const { sessionPolicy: _, ...wish } = completion(await tokenSent());
    expect(await completePasswordReset(roll.db, wish)).toEqual({ person: id });
    expect((await roll.client.query('select from session where user_id = $1', [id])).rowCount).toBe(0);
  });

  test('ends after 48 hours, with a deactivation and with a new password', async () => {
    const id = await makePerson();
    const isGood = (token: string) => isResetTokenGood(roll.db, roll.caller.tenant, token);
    await ask();
    const first = await tokenSent();
    await roll.client.query(`update reset_token set expires_at = expires_at - interval '48 hours'`);
    expect(await isGood(first)).toBe(false);
    await ask();
    const second = await tokenSent();
    await roll.update(userType, id, [{ op: 'set', path: 'active', value: false }]);
    await roll.update(userType, id, [{ op: 'set', path: 'active', value: true }]);
    expect(await isGood(second)).toBe(false);
    await ask();
    const third = await tokenSent();
    await setPassword(roll.admin, roll.db, id, { temporary: true });
    expect(await isGood(third)).toBe(false);
  });

  test('of another tenant is nobody’s', async () => {
    await makePerson();
    await ask();
    expect(await isResetTokenGood(roll.db, roll.caller.tenant + 1, await tokenSent())).toBe(false);
  });
});
