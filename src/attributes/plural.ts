import type { Attribute } from './attribute.ts';

/**
 * The row of a multi-valued complex attribute with the usual parts of RFC 7643 section 2.4: `value`, `display`,
 * `type` and `primary`. Takes what is unusual about its `value` and which types are canonical.
 */
export function plural<const V extends Attribute, const T extends readonly string[]>(
  about: string,
  value: V,
  types: T,
) {
  return {
    type: 'complex',
    many: true,
    about,
    parts: {
      value,
      display: { type: 'string', about: 'A name for people to read.', stored: { values: 'text' } },
      type: {
        type: 'string',
        about: 'What the value is used for.',
        canonical: types,
        stored: { values: 'plain' },
      },
      primary: { type: 'boolean', about: 'Whether this is the preferred value.', stored: { values: 'plain' } },
    },
  } as const;
}

/** A row of free text that can be filtered on in every way. */
export function text<const About extends string>(about: About) {
  return { type: 'string', about, stored: { values: 'text' } } as const;
}

/** A row of a flag that is absent until somebody sets it. */
export function flag<const About extends string>(about: About) {
  return { type: 'boolean', about, stored: { values: 'plain' } } as const;
}

/** A row that refers to another resource by its id. `$ref` and `display` are filled in when it is read. */
export function reference<const Target extends string>(target: Target, about: string) {
  return {
    type: 'complex',
    about,
    references: [target],
    parts: {
      value: {
        type: 'string',
        caseExact: true,
        about: 'The id of the resource referred to.',
        references: [target],
        stored: { values: 'plain' },
      },
      $ref: {
        type: 'reference',
        references: [target],
        caseExact: true,
        computed: true,
        about: 'The location of the resource referred to.',
      },
      display: {
        type: 'string',
        mutability: 'readOnly',
        computed: true,
        about: 'The name of the resource referred to.',
      },
    },
  } as const;
}
