import * as v from 'valibot';
import type { Attribute, Value } from '#attributes/attribute.ts';
import { Fault } from './fault.ts';
import { domainLimits } from './limits.ts';
import { valueSchema } from './value-schema.ts';

/**
 * Checks one value of an attribute (one element where it is multi-valued) and gives it without what the server computes.
 * `path` names the attribute in the fault. Gives undefined for an object without parts, which RFC 7643 section 2.5 calls
 * absent. Raises `invalid_value`.
 */
export function checkValue(attribute: Attribute, path: string, value: Value): Value | undefined {
  const result = v.safeParse(valueSchema(attribute), value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const at = [path, v.getDotPath(issue)].filter(Boolean).join('.');
    throw new Fault('invalid_value', `${at} ${issue.message}`, { attribute: at });
  }
  return isEmpty(result.output) ? undefined : result.output;
}

/**
 * Checks every element of a multi-valued attribute, and that there are not too many. Gives them without those that are
 * absent. Raises `invalid_value`.
 */
export function checkElements(attribute: Attribute, path: string, value: Value): Value[] {
  const elements = (Array.isArray(value) ? value : [value]) as Value[];
  checkCount(path, elements);
  return elements.map((element) => checkValue(attribute, path, element)).filter((element) => element !== undefined);
}

/** Raises `invalid_value` for more elements than an attribute may have. */
export function checkCount(path: string, elements: readonly Value[]): void {
  if (elements.length <= domainLimits.elements) return;
  throw new Fault('invalid_value', `${path} can have ${domainLimits.elements} elements, not ${elements.length}`, {
    attribute: path,
  });
}

function isEmpty(value: Value): boolean {
  return typeof value === 'object' && Object.keys(value).length === 0;
}
