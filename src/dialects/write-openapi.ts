import type { Dialect, DialectRoute, Part } from './dialect.ts';
import type { Shape } from './representation.ts';

/** A dialect whose routes are rows. */
export type DescribedDialect = Dialect & Required<Pick<Dialect, 'routes'>>;

/** Whether a dialect can be described: SCIM describes itself, by RFC 7644 section 4. */
export function isDescribed(dialect: Dialect): dialect is DescribedDialect {
  return dialect.routes !== undefined;
}

/**
 * The OpenAPI 3.1 document of a dialect, made from its rows; `base` is where the server is. What is our own choice has
 * `x-assumed`.
 */
export function writeOpenapi(dialect: DescribedDialect, base: string): object {
  const schemes = securitySchemes(dialect);
  const paths = Map.groupBy(dialect.routes, ({ path }) => openPath(path));
  return {
    openapi: '3.1.0',
    info: { title: dialect.about, version: '1' },
    servers: dialect.prefixes.map((prefix) => ({ url: `${base}${prefix}` })),
    security: Object.keys(schemes).map((name) => ({ [name]: [] })),
    paths: Object.fromEntries(
      [...paths].map(([path, routes]) => [
        path,
        Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operation(dialect, route)])),
      ]),
    ),
    components: {
      securitySchemes: schemes,
      responses: { Error: { description: 'Why the request failed.', content: errorContent(dialect) } },
    },
  };
}

/** A path of a route in the form of OpenAPI. */
export function openPath(path: string): string {
  return path.replaceAll(/:([a-zA-Z_]+)(\{[^}]*\})?/g, '{$1}');
}

/** The names of the parameters in the path of a route. */
function parametersOf(path: string): readonly string[] {
  return [...openPath(path).matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
}

/** A connection's token and a person's session: either is enough. */
function securitySchemes({ credential: { header, scheme }, sessionHeader }: Dialect): Readonly<Record<string, object>> {
  return {
    token: scheme === undefined ? headerScheme(header) : { type: 'http', scheme: 'bearer' },
    ...(sessionHeader !== undefined && { session: headerScheme(sessionHeader) }),
  };
}

function headerScheme(name: string): object {
  return { type: 'apiKey', in: 'header', name };
}

function operation(dialect: DescribedDialect, route: DialectRoute): object {
  const { about, isOpen, assumed, answers, body } = route;
  return {
    summary: about,
    operationId: operationId(route),
    ...(isOpen && { security: [] }),
    ...(assumed !== undefined && { 'x-assumed': assumed }),
    parameters: [
      ...parametersOf(route.path).map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: keyShape(dialect, name),
      })),
      ...Object.entries(route.query ?? {}).map(([name, part]) => ({
        ...{ name, in: 'query', description: part.about, schema: part.shape },
        ...(part.required && { required: true }),
        ...noted(part),
      })),
    ],
    ...(body !== undefined && { requestBody: requestBody(body) }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(dialect, answer)])),
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function response(dialect: Dialect, { about, shape }: DialectRoute['answers'][number]): object {
  return {
    description: about,
    ...(shape !== undefined && { content: { [plain(dialect.mediaType)]: { schema: shape } } }),
  };
}

function errorContent({ errorShapes }: Dialect): object {
  const byType = Map.groupBy(errorShapes, ({ mediaType }) => plain(mediaType));
  return Object.fromEntries(
    [...byType].map(([type, forms]) => [
      type,
      { schema: { anyOf: forms.map(({ shape, about }) => ({ ...shape, description: about })) } },
    ]),
  );
}

/** A body is needed where one of its members is. */
function requestBody(parts: NonNullable<DialectRoute['body']>): object {
  const isNeeded = Object.values(parts).some(({ required }) => required);
  const content = { 'application/json': { schema: objectOf(parts) } };
  return { ...(isNeeded && { required: true }), content };
}

function objectOf(parts: Readonly<Record<string, Part>>): object {
  const required = Object.entries(parts).flatMap(([name, part]) => (part.required ? [name] : []));
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, { ...part.shape, description: part.about, ...noted(part) }]),
    ),
    ...(required.length > 0 && { required }),
  };
}

function noted({ assumed }: Part): object {
  return assumed ? { 'x-assumed': true } : {};
}

function operationId({ method, path }: DialectRoute): string {
  const words = path.split(/[^a-zA-Z]+/).filter((word) => word !== '' && !/^\d/.test(word));
  return [method.toLowerCase(), ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join('');
}

/** What a segment of a path may be. */
function keyShape({ keys }: Dialect, name: string): Shape {
  return { type: keys === 'number' && /id$/i.test(name) ? 'integer' : 'string' };
}

function plain(mediaType: string): string {
  return mediaType.split(';')[0] ?? mediaType;
}
