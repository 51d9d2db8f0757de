import { type Comparison, comparisons } from '#domain/filter.ts';
import { buildTree, type FilterTree, type Skeleton } from './filter-library.ts';
import {
  close,
  countTerm,
  isAtQuote,
  type Name,
  open,
  peek,
  refusal,
  type Scanner,
  step,
  takeJoiner,
  takeLiteral,
  takeName,
  takePart,
  takeSpace,
  takeWord,
} from './lex.ts';

interface Draft extends Skeleton {
  readonly scanner: Scanner;
  /** Inside the brackets of a value path, where no other may stand. */
  inElement: boolean;
}

const operators: ReadonlyMap<string, Comparison> = new Map(comparisons.map((operator) => [operator, operator]));

/**
 * Reads a filter by the grammar of RFC 7644 section 3.4.2.2 from where the scanner stands to where the grammar ends.
 * `inElement` says that it is the inside of a value path. Faults with `invalid_filter` and the column.
 */
export function readTree(scanner: Scanner, inElement: boolean): FilterTree {
  const draft: Draft = { scanner, inElement, text: '', names: [], literals: [] };
  readDisjunction(draft);
  return buildTree(draft);
}

function readDisjunction(draft: Draft): void {
  readConjunction(draft);
  while (takeJoiner(draft.scanner, 'or')) {
    draft.text += ' or ';
    readConjunction(draft);
  }
}

function readConjunction(draft: Draft): void {
  readFactor(draft);
  while (takeJoiner(draft.scanner, 'and')) {
    draft.text += ' and ';
    readFactor(draft);
  }
}

function readFactor(draft: Draft): void {
  const { scanner } = draft;
  takeSpace(scanner);
  if (peek(scanner) === '(') readGroup(draft);
  else readNamed(draft, takeName(scanner), takeSpace(scanner));
}

function readNamed(draft: Draft, name: Name, spaced: boolean): void {
  const next = peek(draft.scanner);
  if (name.text.toLowerCase() === 'not') {
    if (next !== '(') throw refusal(draft.scanner, 'an opening parenthesis is expected after not');
    draft.text += 'not ';
    readGroup(draft);
  } else if (next === '[' && !draft.inElement && (!spaced || draft.scanner.lenient)) readValuePath(draft, name);
  else readTest(draft, name, spaced);
}

function readGroup(draft: Draft): void {
  open(draft.scanner);
  draft.text += '(';
  readDisjunction(draft);
  close(draft.scanner, ')');
  draft.text += ')';
}

/** `emails[type eq "work"].value eq "x"` asks about one element, so what follows the bracket is moved inside. */
function readValuePath(draft: Draft, name: Name): void {
  const { scanner } = draft;
  open(scanner);
  draft.text += `${placeholder(draft, name)}[(`;
  draft.inElement = true;
  readDisjunction(draft);
  draft.inElement = false;
  close(scanner, ']');
  draft.text += ')';
  if (peek(scanner) === '.') {
    step(scanner);
    draft.text += ' and ';
    const part = takePart(scanner);
    readTest(draft, part, takeSpace(scanner));
  }
  draft.text += ']';
}

function readTest(draft: Draft, name: Name, spaced: boolean): void {
  const { scanner } = draft;
  const at = scanner.at;
  const word = spaced ? takeWord(scanner) : undefined;
  const operator = operators.get(word ?? '');
  countTerm(scanner, name.at);
  if (word === 'pr') {
    draft.text += `${placeholder(draft, name)} pr`;
    return;
  }
  if (operator === undefined) {
    throw refusal(scanner, `a space and one of ${comparisons.join(', ')} or pr is expected after the name`, at);
  }
  if (!takeSpace(scanner) && !isAtQuote(scanner)) throw refusal(scanner, 'a space and a value are expected');
  const literal = takeLiteral(scanner);
  draft.text += `${placeholder(draft, name)} ${operator} "${draft.literals.push(literal) - 1}"`;
}

function placeholder(draft: Draft, name: Name): string {
  return `a${draft.names.push(name) - 1}`;
}
