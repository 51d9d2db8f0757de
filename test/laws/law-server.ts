import type { Dialect } from '#dialects/dialect.ts';
import type { Right } from '#domain/caller.ts';
import { sendRequest } from '#test/support/case-request.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import type { OddRequest } from './malformed-requests.ts';

/** A listening server, and a way to ask it in any dialect with the token of a connection that may do everything there. */
export interface LawServer {
  readonly muster: Muster;
  readonly ask: (
    dialect: Dialect,
    request: OddRequest,
    as?: 'connection' | 'nobody' | 'stranger',
  ) => Promise<LawAnswer>;
  /** How many changes the journal has of the requests that were answered so. */
  readonly changesOf: (answers: readonly LawAnswer[]) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface LawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly body: string;
}

const rights: readonly Right[] = ['read', 'write', 'passwords', 'superuser'];

/** Starts a server with some dialects, each with a connection. */
export async function startLawServer(dialects: readonly Dialect[]): Promise<LawServer> {
  const muster = await startMuster({ dialects });
  const tokens = new Map<string, string>();
  for (const { name } of dialects) tokens.set(name, await muster.connect({ dialect: name, rights }));
  return {
    muster,
    ask: async (dialect, { method, path, body, contentType }, as = 'connection') => {
      const token = as === 'stranger' ? 'mst_of_a_stranger' : tokens.get(dialect.name);
      const headers = {
        ...(as !== 'nobody' && credentialOf(dialect, token ?? '')),
        ...(contentType !== undefined && { 'Content-Type': contentType }),
      };
      const wire = { method, path, headers, ...(body !== undefined && { body }) };
      const answer = await sendRequest(muster.server.url, wire);
      return {
        status: answer.status,
        contentType: answer.headers['content-type'] ?? '',
        requestId: String(answer.headers['x-request-id'] ?? ''),
        body: answer.text,
      };
    },
    changesOf: async (answers) => {
      const [row] = await muster.db.read({
        text: 'select count(*) as count from journal where tenant = 1 and request_id = any($1::text[])',
        values: [answers.map(({ requestId }) => requestId)],
      });
      return row?.count as number;
    },
    stop: muster.stop,
  };
}

function credentialOf({ credential: { header, scheme } }: Dialect, token: string): Record<string, string> {
  return { [header]: scheme === undefined ? token : `${scheme} ${token}` };
}
