import { Fault } from '#domain/fault.ts';

/** The fault with which a promise fails. Throws when it is kept, or fails with something else. */
export async function faultWhen(running: Promise<unknown>): Promise<Fault> {
  try {
    await running;
  } catch (fault) {
    if (fault instanceof Fault) return fault;
    throw fault;
  }
  throw new Error('it was accepted');
}
