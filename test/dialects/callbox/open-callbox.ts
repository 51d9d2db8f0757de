import { staffUser } from '#dialects/callbox/user.ts';
import { changeTo, toChanges } from '#dialects/representation.ts';
import type { Right } from '#domain/caller.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { JsonObject } from '#http/parse-json.ts';
import { createPerson } from '#operations/create-person.ts';
import { getPersonById } from '#operations/get-person.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';

/** An answer with its bytes as text, and as JSON where it is that. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** What a request has beside method and path; the body as bytes, as text or as what becomes JSON. */
export interface AskOptions {
  readonly body?: unknown;
  /** Another credential; null sends none. */
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server and a client of CallBox with the token of a connection. */
export interface Callbox {
  readonly muster: Muster;
  readonly token: string;
  /** Sends a request to a path below `/api/v1/staff`. */
  readonly ask: (method: string, path: string, options?: AskOptions) => Promise<Answer>;
  /** Puts a person with these fields on the roll, who has no password, and gives his id. */
  readonly hire: (fields: JsonObject) => Promise<number>;
  /** Makes a connection with other rights and gives its token. */
  readonly connect: (rights: readonly Right[]) => Promise<string>;
  /** Runs a statement as the owner of the database. */
  readonly run: (statement: string, values?: readonly unknown[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const rules: WriteRules = {
  ...{ unknownReference: 'refuse', groupNames: 'free', createOfDeactivated: 'refuse' },
  ...{ emails: 'unique', ownAccount: 'free', passwords: 'unchecked' },
};

/** Starts a server and a client of CallBox. */
export async function openCallbox(): Promise<Callbox> {
  const muster = await startMuster();
  const token = await muster.connect({ dialect: 'callbox' });
  const ask = async (method: string, path: string, options: AskOptions = {}) => {
    const { body, authorization = `Bearer ${token}`, headers = {} } = options;
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${muster.server.url}/api/v1/staff${path}`, {
      ...{ method, redirect: 'manual' },
      headers: {
        ...(authorization !== null && { Authorization: authorization }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    } as RequestInit);
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  return {
    ...{ muster, token, ask },
    hire: async (fields) => {
      const caller = await muster.admin();
      const changes = [changeTo('active', true), ...toChanges(staffUser, fields, {})];
      const id = await createPerson(caller, muster.db, { changes, rules });
      return Number((await getPersonById(caller, muster.db, { dialect: 'callbox', keys: 'number' }, id)).key);
    },
    connect: (rights) => muster.connect({ dialect: 'callbox', rights }),
    run: (statement, values = []) =>
      withClient(muster.database.connection, async (client) => void (await client.query(statement, [...values]))),
    stop: muster.stop,
  };
}
