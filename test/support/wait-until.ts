import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until the answer is yes. Throws when it is not yes within the deadline, naming what was waited for. */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  { deadlineMs = 10_000, everyMs = 10 } = {},
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await wait(everyMs);
  }
}
