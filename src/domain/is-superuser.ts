import type { Values } from '#attributes/attribute.ts';

/** Whether these are the attributes of a superuser, active or not. */
export function isSuperuser({ muster }: Values): boolean {
  return (muster as Values | undefined)?.superuser === true;
}
