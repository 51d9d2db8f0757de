const inherited = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);
const separators = /[.:[\]]/;

/**
 * Whether a name is one that every object has without being given it, such as `__proto__`, `constructor` and `toString`,
 * or has such a name between its dots, colons and brackets. Nothing of ours is called so, and code that looks an
 * attribute up by it would find what it should not: S-03, V-0c.
 */
export function isInheritedName(name: string): boolean {
  if (inherited.has(name)) return true;
  return separators.test(name) && name.split(separators).some((part) => inherited.has(part));
}
