import { type Config, readConfig } from '#config.ts';
import { type OpenRoll, openRoll, type RollOptions } from './open-roll.ts';

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Opens the database of the settings, beside a running server or without one, does the work of a command and closes it
 * again; a signal closes it too. Throws an Error of one sentence when the database cannot be used.
 */
export async function withRoll<T>(
  work: (roll: OpenRoll, config: Config) => Promise<T>,
  options: Pick<RollOptions, 'retains'> = {},
): Promise<T> {
  const config = readConfig();
  const quiet = () => undefined;
  const opening = openRoll(config, { ...options, as: 'command', log: { info: quiet, warn: quiet } });
  const close = async () => (await opening).close();
  const listeners = Object.entries(exitCodes).map(
    ([signal, code]) => [signal, () => void close().finally(() => process.exit(code))] as const,
  );
  for (const [signal, listener] of listeners) process.once(signal, listener);
  let roll: OpenRoll | undefined;
  try {
    roll = await opening;
    return await work(roll, config);
  } finally {
    await roll?.close();
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}
