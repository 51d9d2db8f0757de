interface Limit {
  readonly value: number;
  readonly unit: string;
  readonly about: string;
}

/** How much a filter in text, or a PATCH path, may ask for. One more is refused. RFC 7644 section 7.6 leaves them to us. */
export const filterLimits = {
  filterLengthMax: { value: 8192, unit: 'characters', about: 'The longest filter or PATCH path.' },
  filterDepthMax: { value: 32, unit: 'levels', about: 'The deepest nesting of parentheses and brackets in a filter.' },
  filterTermsMax: { value: 200, unit: 'terms', about: 'The most tests of an attribute in one filter.' },
} as const satisfies { readonly [name: string]: Limit };
