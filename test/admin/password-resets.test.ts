import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { domainLimits } from '#domain/limits.ts';
import { openMailer, type RunningMailer } from '#workers/mailer.ts';
import { sendBySmtp } from '#workers/send-mail.ts';
import { newName, clientOf as scimClientOf } from '../dialects/scim/scim-client.ts';
import { type Admin, startAdmin } from './admin-client.ts';

const password = 'a staple of correct horses';
const code = /^\d+_[0-9a-f-]{36}$/m;

let admin: Admin;
let mailServer: SMTPServer;
let mailer: RunningMailer;
/** What was sent, whole, with its lines joined again. */
let mails: string[];

beforeAll(async () => {
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('\r\n', '\n'));
        done();
      });
    },
  });
  mailServer.listen(0, '127.0.0.1');
  await once(mailServer.server, 'listening');
  const { port } = mailServer.server.address() as AddressInfo;
  const log = { info: () => undefined, warn: () => undefined };
  mailer = openMailer({ send: sendBySmtp(`smtp://127.0.0.1:${port}`, 'roll@example.org'), log });
  admin = await startAdmin({ mailer, trustedProxies: ['127.0.0.1'] });
});
afterAll(async () => {
  await admin.stop();
  await mailer.close();
  await new Promise<void>((resolve) => mailServer.close(resolve));
});
beforeEach(() => {
  mails = [];
});

/** Somebody with an e-mail and a password. */
async function makePerson() {
  const email = `${randomUUID()}@example.org`;
  const scim = scimClientOf(admin.muster, await admin.muster.connect());
  const { id } = await scim.makeUser({ userName: newName(), emails: [{ value: email, primary: true }] });
  expect((await admin.operator.put(`/users/${id}/password`, { password: 'the old staple of horses' })).status).toBe(
    200,
  );
  return email;
}

const ask = (email: string, address = '203.0.113.1') =>
  admin.nobody.send('POST', '/password-resets', { email }, { 'X-Forwarded-For': address });
const complete = (token: string, wanted = password) =>
  admin.nobody.post('/password-resets/complete', { token, password: wanted });

/** The code of the only mail. */
async function codeSent(): Promise<string> {
  await mailer.idle();
  expect(mails).toHaveLength(1);
  return code.exec(mails[0] ?? '')?.[0] ?? '';
}

test('a code that comes by mail gives its person a new password, once, and ends the sessions', async () => {
  const email = await makePerson();
  const session = await admin.signIn({ name: email, password: 'the old staple of horses' });
  expect((await ask(email)).status).toBe(204);
  const token = await codeSent();
  expect(mails[0]).toMatch(new RegExp(`^To: ${email}$`, 'm'));
  for (const words of ['203.0.113.1', '48 hours', 'the application in which you asked'])
    expect(mails[0]).toContain(words);
  expect(mails[0]).not.toMatch(/https?:/);
  const common = await complete(token, 'passwordpassword');
  expect([common.status, common.body.errors[0].name]).toEqual([400, 'password']);
  expect((await session.get('/openapi.json')).status).toBe(200);
  expect((await complete(token)).status).toBe(204);
  expect((await session.get('/openapi.json')).status).toBe(401);
  expect((await admin.nobody.post('/sessions', { name: email, password })).status).toBe(201);
  for (const bad of [token, 'no such']) {
    const { status, body } = await complete(bad);
    expect([status, body.errors[0].name]).toEqual([400, 'token']);
  }
  await admin.muster.keepRequests();
  const { body: requests } = await admin.operator.get('/requests');
  for (const secret of [token, password]) {
    expect(JSON.stringify(requests)).not.toContain(secret);
    expect(admin.muster.logged()).not.toContain(secret);
  }
});

test('a wish for a mail has one answer, whether there is such a person or tenant, and is limited', async () => {
  const email = await makePerson();
  for (const body of [{ email: 'nobody@example.org' }, { email: 'no address' }, { email, tenant: 'never-was' }]) {
    expect((await admin.nobody.post('/password-resets', body)).status).toBe(204);
  }
  await mailer.idle();
  expect(mails).toEqual([]);
  for (let wishes = 0; wishes < domainLimits.resetMailsPerAddress; wishes += 1) {
    expect((await ask(email, `203.0.113.${wishes + 10}`)).status).toBe(204);
  }
  const fourth = await ask(email, '203.0.113.20');
  expect([fourth.status, fourth.body.errors[0].name]).toEqual([429, 'email']);
  for (let wishes = 0; wishes < domainLimits.resetMailsPerNetwork; wishes += 1) {
    expect((await ask(`${randomUUID()}@example.org`, '203.0.113.30')).status).toBe(204);
  }
  expect((await ask(await makePerson(), '203.0.113.30')).status).toBe(429);
  await mailer.idle();
  expect(mails).toHaveLength(domainLimits.resetMailsPerAddress);
});

test('a code of one tenant is none in another', async () => {
  const email = await makePerson();
  await ask(email, '203.0.113.40');
  const token = await codeSent();
  const body = { token, password, tenant: 'other' };
  expect((await admin.nobody.post('/password-resets/complete', body)).status).toBe(400);
  expect((await complete(token)).status).toBe(204);
});
