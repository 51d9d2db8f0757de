import { Fault, type FaultDetails, type FaultKind } from '#domain/fault.ts';
import type { Word } from './words.ts';

/** What Metabase says of a request that breaks a rule of its own. */
export interface Said {
  readonly word: Word;
  readonly values?: Readonly<Record<string, string | number>>;
  /** The parameter at fault: the answer is then an object, `{"errors":{field:text}}`. */
  readonly field?: string;
  /** A parameter that may be null says so before its text. */
  readonly nullable?: boolean;
  /** What exactly is wrong with the field; there for parameters that have the wrong form. */
  readonly specifics?: readonly string[];
  /** Written as Metabase writes an exception. */
  readonly isException?: true;
  /** Another than that of the kind. */
  readonly status?: number;
}

/** A fault that Metabase has words of its own for. */
export function refusal(kind: FaultKind, said: Said, details: FaultDetails = {}): Fault {
  const { field = 'request', word } = said;
  return new Fault(kind, `${field}: ${word}`, { ...details, said });
}

/** What is said to who has to wait since he tried too often, of the field that he tried. */
export function tooMany({ details }: Fault, field: string, status: number): Said {
  return { word: 'tooManyAttempts', values: { seconds: details.retryAfterSeconds ?? 0 }, field, status };
}

/** Waits for an operation; a fault of this kind that it raises is said in these words. */
export function sayInstead<Result>(doing: Promise<Result>, kind: FaultKind, said: Said): Promise<Result> {
  return sayOtherwise(doing, (fault) => (fault.kind === kind ? said : undefined));
}

/** Waits for an operation; a fault that it raises is said in the words that there are for it, if any. */
export async function sayOtherwise<Result>(
  doing: Promise<Result>,
  wordsOf: (fault: Fault) => Said | undefined,
): Promise<Result> {
  try {
    return await doing;
  } catch (error) {
    const said = error instanceof Fault ? wordsOf(error) : undefined;
    if (said === undefined) throw error;
    const { kind, details } = error as Fault;
    const { cause, retryAfterSeconds } = details;
    throw refusal(kind, said, { cause, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
  }
}
