import { decode, type RequestProblem } from './check-request.ts';

/** The values of the parameters asked for; a parameter that was not sent is absent. */
export type SingleQuery<Name extends string> =
  | { readonly ok: true; readonly values: Readonly<Partial<Record<Name, string>>> }
  | ({ readonly ok: false } & RequestProblem);

/**
 * Reads query parameters that may come once only (H-17: of two filters, two programs on the way take different ones).
 * Other parameters are skipped, and so are empty ones as in a trailing `&`. A parameter without `=` is
 * the empty string. Names compare exactly, or with `anyCase` without regard to their case.
 */
export function singleQuery<Name extends string>(
  url: string,
  names: readonly Name[],
  { anyCase = false }: { readonly anyCase?: boolean } = {},
): SingleQuery<Name> {
  const values: Partial<Record<Name, string>> = {};
  for (const pair of queryOf(url).split('&')) {
    const cut = pair.indexOf('=');
    const name = decodeForm(cut === -1 ? pair : pair.slice(0, cut));
    const wanted = names.find((candidate) => candidate === name || (anyCase && isSame(candidate, name)));
    if (wanted === undefined) continue;
    if (values[wanted] !== undefined) {
      return { ok: false, problem: 'repeated_parameter', detail: `the query has ${wanted} twice; send it once` };
    }
    const value = cut === -1 ? '' : decodeForm(pair.slice(cut + 1));
    if (value === undefined) {
      return { ok: false, problem: 'bad_escape', detail: `the value of ${wanted} is not escaped as UTF-8` };
    }
    values[wanted] = value;
  }
  return { ok: true, values };
}

function isSame(candidate: string, name: string | undefined): boolean {
  return candidate.toLowerCase() === name?.toLowerCase();
}

function queryOf(url: string): string {
  const start = url.indexOf('?');
  if (start === -1) return '';
  const end = url.indexOf('#', start);
  return end === -1 ? url.slice(start + 1) : url.slice(start + 1, end);
}

function decodeForm(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  return spaced.includes('%') ? decode(spaced) : spaced;
}
