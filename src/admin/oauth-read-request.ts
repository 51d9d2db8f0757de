import type { ClientProof } from '#access/authenticate-client.ts';
import { Fault, type FaultKind } from '#domain/fault.ts';
import type { BodyProblem } from '#http/parse-json.ts';
import { readForm } from '#http/read-form.ts';

/** A request for an access token: RFC 6749 section 4.4.2. */
export interface TokenRequest {
  readonly proof: ClientProof;
  /** The words of the scope that the client wants; none when it does not say. */
  readonly scope: readonly string[];
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const bytesMax = 16_384;

const formFaults: Partial<Record<BodyProblem, FaultKind>> = {
  unsupported_media_type: 'unsupported_media_type',
  too_large: 'too_large',
};

type Form = ReadonlyMap<string, string>;

/**
 * Reads a request for an access token. Raises `invalid_syntax`, `invalid_value` (with the parameter as attribute),
 * `too_large`, `unauthenticated`, `unsupported_media_type`.
 */
export async function readTokenRequest(request: Request): Promise<TokenRequest> {
  const form = await readForm(request, bytesMax);
  if (!form.ok) throw new Fault(formFaults[form.problem] ?? 'invalid_syntax', form.detail);
  const grant = form.value.get('grant_type');
  if (grant === undefined) throw new Fault('invalid_syntax', 'grant_type is missing');
  if (grant !== 'client_credentials') {
    throw new Fault('invalid_value', 'the grant_type should be client_credentials', { attribute: 'grant_type' });
  }
  const proof = readProof(request.headers.get('authorization') ?? undefined, form.value);
  return { proof, scope: form.value.get('scope')?.split(' ').filter(Boolean) ?? [] };
}

/** A client proves who it is in one way at a time: RFC 6749 section 2.3. */
function readProof(authorization: string | undefined, form: Form): ClientProof {
  const proofs = [
    authorization === undefined ? undefined : readBasic(authorization),
    readPosted(form),
    readAssertion(form),
  ].filter((proof) => proof !== undefined);
  const [proof] = proofs;
  if (proof === undefined)
    throw unproved('say who the client is: by client_secret_basic, client_secret_post or private_key_jwt');
  if (proofs.length > 1) throw new Fault('invalid_syntax', 'the client says who it is in more than one way; use one');
  const clientId = form.get('client_id');
  if (clientId !== undefined && proof.clientId !== undefined && clientId !== proof.clientId) {
    throw new Fault('invalid_syntax', 'the client_id of the form is not that of the header; send one');
  }
  return proof;
}

/** RFC 6749 section 2.3.1: both halves are encoded as in a form. */
function readBasic(authorization: string): ClientProof {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization)?.[1];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  const [clientId, plain] = [unescapeForm(id), unescapeForm(secret)];
  if (clientId === undefined || plain === undefined) throw unproved('the Authorization header is not Basic id:secret');
  return { kind: 'secret', clientId, secret: plain };
}

function unescapeForm(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function readPosted(form: Form): ClientProof | undefined {
  const secret = form.get('client_secret');
  if (secret === undefined) return undefined;
  const clientId = form.get('client_id');
  if (clientId === undefined) throw new Fault('invalid_syntax', 'client_id is missing');
  return { kind: 'secret', clientId, secret };
}

function readAssertion(form: Form): ClientProof | undefined {
  const assertion = form.get('client_assertion');
  const type = form.get('client_assertion_type');
  if (assertion === undefined && type === undefined) return undefined;
  if (assertion === undefined || type !== assertionType) {
    throw new Fault('invalid_syntax', `send client_assertion with the client_assertion_type ${assertionType}`);
  }
  return { kind: 'assertion', clientId: form.get('client_id'), assertion };
}

function unproved(message: string): Fault {
  return new Fault('unauthenticated', message, { wrongCredential: true });
}
