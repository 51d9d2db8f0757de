import { Fault } from '#domain/fault.ts';

/** Raises `precondition_failed` unless the version is one of those asked for. RFC 7644 section 3.14. */
export function checkVersion(version: number, wanted: readonly number[] | undefined): void {
  if (wanted !== undefined && !wanted.includes(version)) {
    throw new Fault('precondition_failed', 'the resource has changed since this version');
  }
}
