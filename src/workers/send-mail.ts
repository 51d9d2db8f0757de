import { createTransport } from 'nodemailer';
import { isLoopback } from '#domain/is-loopback.ts';
import type { Send } from './mailer.ts';

const timeoutMs = 10_000;

/**
 * Hands mails to a mail server. Takes a URL such as `smtps://user:password@host:465`, and who they come from. By `smtp://`
 * too a mail goes nowhere without TLS, since it holds a secret, but to a server on this machine.
 */
export function sendBySmtp(smtpUrl: string, from: string): Send {
  const transport = createTransport({
    url: smtpUrl,
    requireTLS: !isLoopback(new URL(smtpUrl).hostname),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Nothing in a mail of ours is a file or a URL to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ to, subject, text }) => {
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
  };
}

/** Says in the log that a mail would go, and to whom; never what is in it. */
export function sendToLog(log: { readonly info: (details: object, message: string) => void }): Send {
  return async ({ person }) => log.info({ person }, 'a mail would be sent; set SMTP_URL to send it');
}
