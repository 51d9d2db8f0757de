import type { Mail, Mailer } from '#operations/mailer.ts';

/** A way to hand one mail over; fails when it cannot. */
export type Send = (mail: Mail) => Promise<void>;

interface MailLog {
  readonly info: (details: object, message: string) => void;
  readonly warn: (details: object, message: string) => void;
}

export interface MailerOptions {
  readonly send: Send;
  readonly log: MailLog;
  /** How long to wait before each new try, in milliseconds. */
  readonly pausesMs?: readonly number[];
}

/** A mailer that is running. */
export interface RunningMailer extends Mailer {
  /** Waits until every mail so far was sent or given up. */
  readonly idle: () => Promise<void>;
  /** Waits for what is under way, without further tries. */
  readonly close: () => Promise<void>;
}

/** How many mails may be under way; more are not sent, and said to be so. */
const underWayMax = 1_000;

/**
 * Opens a mailer. What it is given to send is tried again three times when it fails, then given up; neither a request nor
 * another mail waits for it. Mails are kept in memory alone, because they hold secrets that the database must not have.
 */
export function openMailer({ send, log, pausesMs = [1_000, 5_000, 30_000] }: MailerOptions): RunningMailer {
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();
  const carryOut = async (write: () => Promise<Mail | undefined>) => {
    const mail = await write();
    if (mail !== undefined) await sendPatiently(send, mail, pausesMs, closing.signal, log);
  };
  return {
    post: (write) => {
      if (underWay.size >= underWayMax) return log.warn({}, 'too many mails are under way; one was not sent');
      const working = carryOut(write)
        .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, 'a mail could not be written'))
        .finally(() => underWay.delete(working));
      underWay.add(working);
    },
    idle: async () => void (await Promise.all(underWay)),
    close: async () => {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}

async function sendPatiently(
  send: Send,
  mail: Mail,
  pausesMs: readonly number[],
  closing: AbortSignal,
  log: MailLog,
): Promise<void> {
  if (!isAddress(mail.to)) return log.warn({ person: mail.person }, 'the e-mail of a person is none to send to');
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send(mail);
    } catch (error) {
      const pauseMs = closing.aborted ? undefined : pausesMs[attempt];
      const details = { person: mail.person, reason: reasonOf(error), again: pauseMs !== undefined };
      log.warn(details, 'a mail could not be sent');
      if (pauseMs === undefined) return;
      await pause(pauseMs, closing);
      if (closing.aborted) return;
    }
  }
}

/** What a mail server said may repeat what it was sent, and a database error the values: only its kind is told. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
  return [code, responseCode].filter((part) => part !== undefined).join(' ') || 'unknown';
}

const wordPart = String.raw`[^\s@<>(),;:"\\[\]\p{Cc}]+`;
const address = new RegExp(`^${wordPart}@${wordPart}$`, 'u');

/** One plain address: nothing that a mail server could take for a second one or for a header. */
function isAddress(text: string): boolean {
  return address.test(text);
}

function pause(pauseMs: number, closing: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, pauseMs);
  closing.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
