interface LimitRow {
  readonly value: number;
  readonly unit: 'bytes' | 'characters' | 'levels' | 'keys' | 'connections' | 'ms';
  readonly about: string;
}

/**
 * What one request and one connection may cost before anything of ours runs. The reference docs are made from these
 * rows; the server and the body reader get their numbers from them through `defaultLimits`.
 */
export const limitTable = {
  bodyBytes: { value: 1_048_576, unit: 'bytes', about: 'Size of a request body.' },
  largeBodyBytes: {
    value: 8_388_608,
    unit: 'bytes',
    about: 'Size of a request body on the routes that take many resources or members at once.',
  },
  peekBytes: {
    value: 65_536,
    unit: 'bytes',
    about: 'Size of a body without credential that is looked into for which API it is, where two share a path.',
  },
  jsonDepth: { value: 64, unit: 'levels', about: 'Nesting of objects and arrays in a JSON body.' },
  jsonStringLength: { value: 65_536, unit: 'characters', about: 'Length of one string in a JSON body.' },
  jsonLongStringLength: {
    value: 1_048_576,
    unit: 'characters',
    about: 'Length of one string on the routes that take photos and certificates.',
  },
  jsonKeys: { value: 1_000, unit: 'keys', about: 'Keys of one object in a JSON body.' },
  headerBytes: { value: 16_384, unit: 'bytes', about: 'Size of the request line and all headers together.' },
  headersMs: { value: 5_000, unit: 'ms', about: 'Time a client has to send the headers of a request.' },
  requestMs: { value: 30_000, unit: 'ms', about: 'Time a client has to send a whole request.' },
  keepAliveMs: {
    value: 65_000,
    unit: 'ms',
    about: 'Time a connection may be idle between requests; longer than the 60 seconds of common proxies.',
  },
  drainMs: { value: 10_000, unit: 'ms', about: 'Time that requests in flight have to finish when the server stops.' },
  readyMs: { value: 900, unit: 'ms', about: 'Time the readiness check has before the answer is "not ready".' },
  connections: { value: 10_000, unit: 'connections', about: 'Connections open at once; further ones are closed.' },
} as const satisfies Record<string, LimitRow>;

/** The numbers of the table by name; a caller may replace some of them. */
export type Limits = Readonly<Record<keyof typeof limitTable, number>>;

/** The numbers of the table as they stand. */
export const defaultLimits = Object.freeze(
  Object.fromEntries(Object.entries(limitTable).map(([name, row]) => [name, row.value])),
) as Limits;
