import { Fault } from '#domain/fault.ts';

/** The fault that a call raises. Throws when it raises none, or something else. */
export function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (fault) {
    if (fault instanceof Fault) return fault;
    throw fault;
  }
  throw new Error('it was accepted');
}

/** The column that a fault about a text names. */
export function columnOf(fault: Fault): number {
  return Number(/at column (\d+):/.exec(fault.message)?.[1]);
}
