import { describe, expect, test } from 'vitest';
import { dialects } from '#dialects/index.ts';
import { isDescribed, openPath, writeOpenapi } from '#dialects/write-openapi.ts';

interface Schema {
  readonly required?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Operation {
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { readonly 'application/json': { readonly schema: Schema } };
  };
}

/** The paths of a schema and of those in it whose `required` is no list of names. */
function oddRequired(schema: Schema, path: string): readonly string[] {
  const { required = [], properties = {}, items } = schema;
  return [
    ...(Array.isArray(required) ? [] : [path]),
    ...Object.entries(properties).flatMap(([name, inner]) => oddRequired(inner, `${path}/${name}`)),
    ...(items === undefined ? [] : oddRequired(items, `${path}/items`)),
  ];
}

describe.each(dialects.filter(isDescribed).map((dialect) => [dialect.name, dialect] as const))(
  '%s',
  (_name, dialect) => {
    const { paths } = writeOpenapi(dialect, 'https://roll.example.org') as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    };

    test('a body says by a list which of its members are needed, and then is needed itself', () => {
      for (const { method, path, body } of dialect.routes) {
        if (body === undefined) continue;
        const { requestBody } = paths[openPath(path)]?.[method.toLowerCase()] ?? {};
        const { schema } = requestBody?.content['application/json'] ?? { schema: {} };
        const needed = Object.entries(body).flatMap(([name, part]) => (part.required ? [name] : []));
        expect(schema.required ?? []).toEqual(needed);
        expect(requestBody?.required ?? false).toBe(needed.length > 0);
        expect(oddRequired(schema, path)).toEqual([]);
      }
    });
  },
);

test('a client may send the token of a connection or, where it has a header of its own, that of a session', () => {
  const [metabase, callbox] = ['metabase', 'callbox'].map((name) => {
    const dialect = dialects.filter(isDescribed).find((each) => each.name === name);
    return dialect && writeOpenapi(dialect, 'https://roll.example.org');
  });
  expect(metabase).toMatchObject({
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        session: { type: 'apiKey', in: 'header', name: 'X-Metabase-Session' },
      },
    },
  });
  expect(callbox).toMatchObject({ security: [{ token: [] }] });
});
