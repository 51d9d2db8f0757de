/** Every way in which a request can fail. A dialect has words for each; a new kind is for something a program would act on. */
export const faultKinds = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'already_exists',
  'invalid_syntax',
  'invalid_value',
  'invalid_path',
  'invalid_filter',
  'no_target',
  'read_only',
  'sensitive',
  'precondition_failed',
  'too_large',
  'too_many',
  'rate_limited',
  'held',
  'method_not_allowed',
  'unsupported_media_type',
  'unavailable',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** One part of a request that is wrong: its name, such as `rights.0`, and what would be right. */
export interface Mistake {
  readonly name: string;
  readonly detail: string;
}

/** A rule of ours that a well-formed request breaks, for dialects that have words of their own for it. */
export type BrokenRule =
  | 'last_superuser'
  | 'protected_account'
  | 'own_account'
  | 'own_superuser'
  | 'superuser_manager'
  | 'wrong_password'
  | 'must_change_password';

/** What a fault may say beside its message. */
export interface FaultDetails {
  /** The path of the attribute at fault. */
  readonly attribute?: string;
  readonly rule?: BrokenRule;
  /** Every part of the request that is wrong, where all of them were looked at. */
  readonly mistakes?: readonly Mistake[];
  /** Seconds after which a retry makes sense. */
  readonly retryAfterSeconds?: number;
  /** A credential was sent and is not good, or not good for this; absent when the credential is not the matter. */
  readonly wrongCredential?: true;
  /** The right password of an account that is not active; never said for a wrong one. */
  readonly inactive?: true;
  /** The methods that would have been allowed. */
  readonly allow?: readonly string[];
  /** What the dialect that raised it says of it, where it has words of its own. Only its own table of errors reads this. */
  readonly said?: unknown;
  /** What really happened; for the log, never for an answer. */
  readonly cause?: unknown;
}

/** A request that failed for a reason we know. The message may be shown to the caller; it never repeats what he sent. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly details: FaultDetails;

  constructor(kind: FaultKind, message: string, details: FaultDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'Fault';
    this.kind = kind;
    this.details = details;
  }
}
