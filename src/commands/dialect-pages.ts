import type { DialectRoute, Part } from '#dialects/dialect.ts';
import { dialects } from '#dialects/index.ts';
import type { Representation, Shape } from '#dialects/representation.ts';
import { type DescribedDialect, isDescribed, openPath, writeOpenapi } from '#dialects/write-openapi.ts';
import { code, markdownTable, pageHead, section } from './markdown.ts';

/** A page about each API beside SCIM, and the same as an OpenAPI document. */
export function dialectPages(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    dialects.filter(isDescribed).flatMap((dialect) => [
      [`dialects/${dialect.name}.md`, pageOf(dialect)],
      [`openapi/${dialect.name}.json`, `${JSON.stringify(writeOpenapi(dialect, ''), null, 2)}\n`],
    ]),
  );
}

function pageOf(dialect: DescribedDialect): string {
  const { name, about, prefixes, credential, routes, user = {} } = dialect;
  const token = credential.scheme === undefined ? credential.header : `${credential.header}: ${credential.scheme}`;
  const head = [
    `${about}. It is at ${code(prefixes[0] ?? '')}; a connection sends its token in ${code(token)}. The types of everything`,
    `are in [openapi/${name}.json](../openapi/${name}.json), which the server answers at ${code(`/openapi/${name}.json`)} too.`,
    'What the documents of the original API do not say is marked as assumed: it is our choice.',
  ].join(' ');
  return [
    pageHead(name, head),
    section('Routes', markdownTable(['Method', 'Path', 'Meaning', 'Query', 'Body', 'Answers'], routes.map(routeRow))),
    section('A user', markdownTable(['Field', 'Type', 'Meaning', 'Attribute', 'Written by clients'], fieldRows(user))),
    assumptions(routes),
  ].join('');
}

function routeRow({ method, path, about, isOpen, query, body, answers }: DialectRoute): readonly string[] {
  return [
    code(method),
    code(openPath(path)),
    isOpen ? `${about} (needs no credential)` : about,
    namesIn(query),
    namesIn(body),
    Object.keys(answers).map(code).join(' '),
  ];
}

function namesIn(parts: Readonly<Record<string, Part>> | undefined): string {
  return Object.entries(parts ?? {})
    .map(([name, { required, assumed }]) => `${code(name)}${required ? ' (needed)' : ''}${assumed ? ' (assumed)' : ''}`)
    .join(', ');
}

function fieldRows(fields: Representation): readonly (readonly string[])[] {
  return Object.entries(fields).map(([name, { shape, about, path, read, assumed }]) => [
    code(name),
    typeOf(shape),
    assumed ? `${about} (assumed)` : about,
    code(path ?? ''),
    read === undefined ? 'no' : 'yes',
  ]);
}

function typeOf({ type, items, format }: Shape): string {
  const names = (typeof type === 'string' ? [type] : type).map((one) =>
    one === 'array' ? `list of ${items?.type}` : one,
  );
  return `${names.join(' or ')}${format === undefined ? '' : ` (${format})`}`;
}

function assumptions(routes: readonly DialectRoute[]): string {
  const rows = routes.flatMap(({ method, path, assumed = [] }) =>
    assumed.map((sentence) => [code(`${method} ${openPath(path)}`), sentence]),
  );
  return rows.length === 0 ? '' : section('Assumed', markdownTable(['Route', 'Our choice'], rows));
}
