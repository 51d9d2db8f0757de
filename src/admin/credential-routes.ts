import * as v from 'valibot';
import { entraAudience } from '#operations/trust-entra.ts';
import { route } from './route.ts';
import { id, inTenant, lifetime, text } from './values.ts';

const query = v.strictObject(inTenant);
const connection = v.strictObject({ connection: id });

/** What a connection shows instead of a token: a secret, a signature, or a token that Entra made. */
export const credentialRoutes = [
  route(
    {
      ...{ method: 'POST', path: '/connections/:connection/secrets', operationId: 'issueSecret', status: 201 },
      summary: 'Make an OAuth client secret, shown this once; the one before it goes on working',
      query,
      body: v.strictObject({ lifetimeDays: lifetime }),
      answer: v.strictObject({
        connection: v.pipe(id, v.description('The client id.')),
        secret: v.pipe(v.string(), v.description('Shown this once.')),
        prefix: v.string(),
      }),
    },
    async ({ operations, caller, param, body: { lifetimeDays }, tokenLifetimeDays }) =>
      operations.issueSecret(caller, param('connection'), lifetimeDays ?? tokenLifetimeDays),
  ),
  route(
    {
      ...{ method: 'POST', path: '/connections/:connection/keys', operationId: 'addConnectionKey', status: 201 },
      summary: 'Let a connection sign for its access tokens with a key of its own',
      query,
      body: v.strictObject({
        jwk: v.pipe(
          v.record(v.string(), v.unknown(), 'must be an object'),
          v.description('The public half: RSA of 2048 bits or more, P-256 or Ed25519.'),
        ),
      }),
      answer: v.strictObject({
        connection: id,
        key: v.pipe(v.string(), v.description('Its thumbprint, by which it is taken away.')),
      }),
    },
    async ({ operations, caller, param, body: { jwk } }) =>
      operations.addConnectionKey(caller, param('connection'), JSON.stringify(jwk)),
  ),
  route(
    {
      ...{ method: 'DELETE', path: '/connections/:connection/keys/:key', operationId: 'removeConnectionKey' },
      status: 204,
      summary:
        'Take a key from a connection: what it signs is refused from now on, and all access tokens of the connection end',
      query,
    },
    async ({ operations, caller, param }) => operations.removeConnectionKey(caller, param('connection'), param('key')),
  ),
  route(
    {
      ...{ method: 'PUT', path: '/connections/:connection/entra', operationId: 'trustEntra', status: 200 },
      summary: 'Take the tokens that an Entra tenant makes itself, in place of those taken before; for operators',
      query,
      body: v.strictObject({
        entraTenant: id,
        audience: v.exactOptional(v.pipe(text(256), v.description('Whom they are made out to; SCIM when absent.'))),
      }),
      answer: connection,
    },
    async ({ operations, caller, param, body: { entraTenant, audience = entraAudience } }) =>
      operations.trustEntra(caller, param('connection'), { entraTenant, audience }),
  ),
  route(
    {
      ...{ method: 'DELETE', path: '/connections/:connection/entra', operationId: 'distrustEntra', status: 204 },
      summary: 'Take no tokens of Entra for a connection any more; for operators',
      query,
    },
    async ({ operations, caller, param }) => void (await operations.distrustEntra(caller, param('connection'))),
  ),
];
