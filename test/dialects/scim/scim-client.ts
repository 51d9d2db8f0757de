import { expect } from 'vitest';
import { type Answer, type ConnectionOptions, type Muster, startMuster } from '#test/support/muster.ts';

/** One operation of a PATCH, as clients write it. */
export type Operation = Readonly<Record<string, unknown>>;

type Headers = Readonly<Record<string, string>>;

/** A client of one connection. */
export interface Client {
  readonly token: string;
  readonly get: (path: string, headers?: Headers) => Promise<Answer>;
  readonly post: (path: string, body: unknown, headers?: Headers) => Promise<Answer>;
  readonly put: (path: string, body: unknown, headers?: Headers) => Promise<Answer>;
  /** Sends operations in a PatchOp message. */
  readonly patch: (path: string, operations: readonly Operation[], headers?: Headers) => Promise<Answer>;
  readonly delete: (path: string, headers?: Headers) => Promise<Answer>;
  /** Asks an endpoint with a filter. */
  readonly find: (endpoint: string, filter: string, more?: string) => Promise<Answer>;
  /** Creates a user with a name of its own and gives the answer's body. */
  readonly makeUser: (attributes?: Readonly<Record<string, unknown>>) => Promise<Answer['body']>;
  readonly makeGroup: (
    members?: readonly string[],
    attributes?: Readonly<Record<string, unknown>>,
  ) => Promise<Answer['body']>;
}

/** A server with a client of the default profile and one of the RFC's. */
export interface Scim {
  readonly muster: Muster;
  readonly lenient: Client;
  readonly rfc: Client;
  readonly connect: (options?: ConnectionOptions) => Promise<Client>;
  readonly stop: () => Promise<void>;
}

export const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const listResponse = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const orgUnit = 'urn:ietf:params:scim:schemas:muster:2.0:OrgUnit';
const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** An id that nobody has. */
export const nobody = '01890000-0000-7000-8000-000000000000';

let names = 0;

/** A name that nobody had before in this test file. */
export function newName(): string {
  names += 1;
  return `name-${names}@example.org`;
}

/** Starts a server on a fresh database. */
export async function startScim(): Promise<Scim> {
  const muster = await startMuster();
  const connect = async (options?: ConnectionOptions) => clientOf(muster, await muster.connect(options));
  return {
    muster,
    connect,
    lenient: await connect(),
    rfc: await connect({ profile: 'rfc' }),
    stop: () => muster.stop(),
  };
}

/** A client of a server with a token. */
export function clientOf(muster: Muster, token: string): Client {
  const send = (method: string, path: string, body?: unknown, headers?: Headers) =>
    muster.send(token, method, path, body, headers);
  const make = async (path: string, body: unknown) => {
    const answer = await send('POST', path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body;
  };
  return {
    token,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, operations, headers) => send('PATCH', path, { schemas: [patchOp], Operations: operations }, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
    find: (endpoint, filter, more = '') => send('GET', `${endpoint}?filter=${encodeURIComponent(filter)}${more}`),
    makeUser: (attributes = {}) => make('/Users', { schemas: [coreUser], userName: newName(), ...attributes }),
    makeGroup: (members = [], attributes = {}) =>
      make('/Groups', {
        schemas: [coreGroup],
        displayName: newName(),
        members: members.map((value) => ({ value })),
        ...attributes,
      }),
  };
}

/** Expects an error in SCIM's words: RFC 7644 section 3.12, R-019, R-397. */
export function expectError(answer: Answer, status: number, scimType?: string): void {
  expect(answer.body, JSON.stringify(answer.body)).toEqual({
    schemas: [errorUrn],
    status: String(status),
    ...(scimType !== undefined && { scimType }),
    detail: expect.stringMatching(/\S/),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/scim+json');
}
