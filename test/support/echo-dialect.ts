import type { Dialect, DialectParts } from '#dialects/dialect.ts';
import { openDialectApp } from '#dialects/dialect-app.ts';

/** What an echo says of a request. */
export interface Echo {
  /** The API that answered. */
  readonly api: string;
  readonly tenant: string;
  readonly publicUrl: string;
  /** The body as the route could read it. */
  readonly body: string;
}

/** Makes a dialect that answers every request with what it knows of it, and what is no request with its name. */
export function makeEcho(
  facts: Pick<Dialect, 'name' | 'prefixes' | 'slashes'> & Partial<Pick<Dialect, 'owns' | 'credential' | 'tokenForm'>>,
): Dialect {
  const { name } = facts;
  const answer = { status: 500, headers: {}, body: name };
  const dialect: Dialect = {
    ...{ about: name, mediaType: 'application/json', keys: 'number', profiles: [], usualRights: ['read'] },
    ...{ tokenForm: 'mst', credential: { header: 'X-Token' } },
    ...facts,
    people: '/people',
    errorShapes: [],
    writeFault: () => answer,
    writeUnexpected: () => answer,
    writeMalformed: () => name,
    build: ({ tenant, publicUrl }: DialectParts) => {
      const app = openDialectApp(dialect, publicUrl);
      app.get('/people/:id', (context) => context.text(`person ${context.req.param('id')}`));
      app.all('*', async (context) => {
        const echo: Echo = { api: name, tenant, publicUrl, body: await context.req.text() };
        return context.json(echo);
      });
      return app;
    },
  };
  return dialect;
}
