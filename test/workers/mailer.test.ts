import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Fault } from '#domain/fault.ts';
import type { Mail } from '#operations/mailer.ts';
import { openMailer, type Send } from '#workers/mailer.ts';
import { sendBySmtp, sendToLog } from '#workers/send-mail.ts';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
}

let received: Received[];
let server: SMTPServer;
let send: Send;
let port: number;
/** How many mails the server refuses before it takes one. */
let refusals: number;
let lines: string[];

const log = {
  info: (details: object, message: string) => void lines.push(JSON.stringify({ ...details, message })),
  warn: (details: object, message: string) => void lines.push(JSON.stringify({ ...details, message })),
};

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        refusals -= 1;
        if (refusals >= 0) return done(new Error(`no room for ${Buffer.concat(chunks)}`));
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        received.push({ from, to: rcptTo.map(({ address }) => address), data: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  ({ port } = server.server.address() as AddressInfo);
  send = sendBySmtp(`smtp://127.0.0.1:${port}`, 'Muster <roll@example.org>');
});
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));
beforeEach(() => {
  [received, lines, refusals] = [[], [], 0];
});

const secret = '17_6d3f3f9e-0d0e-4f53-8a8d-3d7f5f3a2b11';
const mail: Mail = { person: 'p-1', to: 'ada@example.org', subject: 'Choose a new password', text: `Here: ${secret}` };
const pausesMs = [1, 1, 1];

/** Posts mails and waits until each has been sent or given up. */
async function post(writes: readonly (() => Promise<Mail | undefined>)[], by = send): Promise<void> {
  const mailer = openMailer({ send: by, log, pausesMs });
  for (const write of writes) mailer.post(write);
  await mailer.idle();
  await mailer.close();
}

afterEach(() => {
  for (const line of lines) expect(line).not.toContain(secret);
});

test('a mail goes to the server, and the log has nothing of it', async () => {
  await post([async () => mail]);
  expect(received).toMatchObject([{ from: 'roll@example.org', to: ['ada@example.org'] }]);
  expect(received[0]?.data).toContain(secret);
  expect(received[0]?.data).toMatch(/^Subject: Choose a new password\r$/m);
  expect(lines).toEqual([]);
});

test('a mail that the server refuses is tried again three times, then given up', async () => {
  refusals = 3;
  await post([async () => mail]);
  expect(received).toHaveLength(1);
  expect(lines).toHaveLength(3);
  refusals = 4;
  await post([async () => mail]);
  expect(received).toHaveLength(1);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ person: 'p-1', again: false, reason: 'EMESSAGE 450' });
});

test('a server that is away harms nobody who posts', async () => {
  await post([async () => mail], sendBySmtp('smtp://127.0.0.1:1', 'roll@example.org'));
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual(Array(4).fill('ESOCKET'));
});

test('a server on another machine that offers no TLS gets no mail, and one on this machine does', async () => {
  // An address that leads here and is not known to.
  await post([async () => mail], sendBySmtp(`smtp://0.0.0.0:${port}`, 'roll@example.org'));
  expect(received).toEqual([]);
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual(Array(4).fill('ETLS 500'));
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1']) {
    await post([async () => mail], sendBySmtp(`smtp://${host}:${port}`, 'roll@example.org'));
  }
  expect(received).toHaveLength(3);
});

test.each([
  'ada@example.org\r\nBcc: eve@example.org',
  'ada@example.org, eve@example.org',
  'Ada <ada@example.org>',
  'ada@example.org\u0000',
  '@example.org',
  'no address',
])('nothing goes to %j', async (to) => {
  await post([async () => ({ ...mail, to })]);
  expect(received).toEqual([]);
  expect(lines).toHaveLength(1);
});

test('what cannot be written is said, and the others go', async () => {
  const broken = async () => {
    throw new Fault('unavailable', secret);
  };
  await post([broken, async () => undefined, async () => mail]);
  expect(received).toHaveLength(1);
  expect(lines).toHaveLength(1);
});

test('closing waits for what is under way and ends the tries', async () => {
  refusals = 9;
  const mailer = openMailer({ send, log, pausesMs: [60_000] });
  mailer.post(async () => mail);
  await mailer.close();
  expect(refusals).toBeLessThan(9);
  expect(received).toEqual([]);
});

test('the log alone is told whose mail would go', async () => {
  await post([async () => mail], sendToLog(log));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { person: 'p-1', message: 'a mail would be sent; set SMTP_URL to send it' },
  ]);
});
