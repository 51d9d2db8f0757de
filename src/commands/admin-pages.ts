import { describeRoutes } from '#admin/describe-routes.ts';
import { adminRoutes } from '#admin/routes.ts';
import { code, markdownTable, pageHead } from './markdown.ts';

/** The page of our own API, and the same as an OpenAPI document. */
export async function adminPages(): Promise<Readonly<Record<string, string>>> {
  const document = await describeRoutes(adminRoutes, '/admin/v1');
  return { 'admin-api.md': routesPage(), 'openapi/admin.json': `${JSON.stringify(document, null, 2)}\n` };
}

function routesPage(): string {
  const rows = adminRoutes.map(({ method, path, summary, query, body, isOpen }) => [
    code(method),
    code(path),
    `${summary}.`,
    namesIn(query),
    isOpen ? `${namesIn(body)} (needs no credential)` : namesIn(body),
  ]);
  const about = [
    'What is below `/admin/v1`. A request brings `Authorization: Bearer` with the token of a connection that speaks `admin`,',
    'or of the session of a superuser; bodies and answers are JSON, errors are `application/problem+json` (RFC 9457). The',
    'types of everything are in [openapi/admin.json](openapi/admin.json), which the server answers at',
    '`/admin/v1/openapi.json` too. What to do with it is in [administer by API](../how-to/administer-by-api.md).',
  ].join(' ');
  return `${pageHead('Admin API', about)}\n${markdownTable(['Method', 'Path', 'Meaning', 'Query', 'Body'], rows)}`;
}

function namesIn(schema: { readonly entries: object } | undefined): string {
  return Object.keys(schema?.entries ?? {})
    .map(code)
    .join(' ');
}
