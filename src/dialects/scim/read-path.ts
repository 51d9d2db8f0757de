import type { Attribute } from '#attributes/attribute.ts';
import { allAttributes, type ResourceType } from '#attributes/resource-type.ts';
import { checkElementFilter } from '#domain/check-filter.ts';
import type { Filter } from '#domain/filter.ts';
import { type Located, locate } from '#domain/locate.ts';
import type { FilterTree } from './filter-library.ts';
import {
  close,
  type Name,
  open,
  peek,
  type ReadOptions,
  refusal,
  type Scanner,
  scan,
  step,
  takeName,
  takePart,
  takeSpace,
} from './lex.ts';
import { resolveElementTree } from './read-filter.ts';
import { readTree } from './read-tree.ts';
import { resolveName, resolvePart } from './resolve-name.ts';

/** What a PATCH path points at. */
export interface ReadPath {
  /** The canonical path, part included; '' is the resource itself, named by the URN of its core schema. */
  readonly path: string;
  /** Which elements of the multi-valued attribute are meant, in the normal form of `checkElementFilter`. */
  readonly where?: Filter;
}

/** A path as it was written. */
interface Written {
  readonly name: Name;
  readonly tree?: FilterTree;
  readonly part?: Name;
}

/**
 * Reads the path of a PATCH operation: RFC 7644 section 3.5.2, `emails[type eq "work"].value`. Undefined: the path is
 * well written, but no attribute has its name. Faults with `invalid_path` where the path is badly written or filters
 * what has no elements, and with `invalid_filter` where the filter in its brackets is at fault.
 */
export function readPath(text: string, type: ResourceType, options: ReadOptions): ReadPath | undefined {
  const scanner = scan(text, 'path', options);
  const written = readWritten(scanner);
  const path = resolveName(type, written.name.text, options);
  if (path === undefined) return undefined;
  if (written.tree === undefined) return { path };
  const located = locate(allAttributes(type), path);
  if (located === undefined || !hasElements(located)) {
    throw refusal(scanner, 'the attribute has one value only and takes no filter', written.name.at);
  }
  return readElements(scanner, path, located.attribute, written.tree, written.part);
}

function readWritten(scanner: Scanner): Written {
  if (scanner.lenient) takeSpace(scanner);
  const name = takeName(scanner);
  if (scanner.lenient) takeSpace(scanner);
  const tree = peek(scanner) === '[' ? readBrackets(scanner) : undefined;
  const part = tree !== undefined && peek(scanner) === '.' ? readPart(scanner) : undefined;
  if (scanner.lenient) takeSpace(scanner);
  if (peek(scanner) !== undefined) throw refusal(scanner, 'the end of the path is expected');
  return { name, ...(tree && { tree }), ...(part && { part }) };
}

function readBrackets(scanner: Scanner): FilterTree {
  // What cannot begin a filter, such as the 0 of emails[0], makes the path wrong and not the filter in it.
  if (!/[ \ta-z$(\u00a0]/i.test(scanner.text[scanner.at + 1] ?? '')) {
    throw refusal(scanner, 'a filter such as [type eq "work"] is expected in the brackets', scanner.at + 1);
  }
  open(scanner);
  const tree = readTree(scanner, true);
  close(scanner, ']');
  return tree;
}

function readPart(scanner: Scanner): Name {
  step(scanner);
  return takePart(scanner);
}

function readElements(
  scanner: Scanner,
  path: string,
  attribute: Attribute,
  tree: FilterTree,
  part: Name | undefined,
): ReadPath | undefined {
  const partName = part && attribute.parts && resolvePart(attribute, part.text);
  if (part !== undefined && partName === undefined) return undefined;
  const inBrackets: Scanner = { ...scanner, depth: 1 };
  const where = checkElementFilter(attribute, resolveElementTree(inBrackets, tree, attribute));
  return { path: partName === undefined ? path : `${path}.${partName}`, where };
}

function hasElements(located: Located): boolean {
  return located.part === undefined && located.attribute.many === true;
}
