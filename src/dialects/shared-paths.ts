/** What is known of a request before it is anybody's. What costs something is found out only when a rule asks. */
export interface SharedRequest {
  readonly method: string;
  /** Without the prefix of the place, and without slashes at its end. */
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  /** By name; the first where one is there twice. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The names of the members of the body; none when it is no JSON object, or too large to look into. */
  readonly bodyNames: () => Promise<ReadonlySet<string>>;
  /** Whether a token is a live one of a connection or a session of an API. */
  readonly isLive: (api: string, token: string) => Promise<boolean>;
}

/** Which of two APIs answers where both own a path. */
export interface SharingRule {
  /** The first answers where nothing can be known of a request, and where neither owns a path. */
  readonly between: readonly [string, string];
  readonly choose: (request: SharedRequest) => Promise<string>;
}

type Choice = 'metabase' | 'idealist';

/** Says whose a request is, or undefined when it cannot tell. */
type Clue = (request: SharedRequest) => Choice | undefined | Promise<Choice | undefined>;

const collection = '/api/user';
const session = '/api/session';

/** From the surest to the weakest; the first that says something decides. */
const clues: readonly Clue[] = [byPath, byMethod, byCredential, byLongNumber, byQuery, byBody];

/** Every pair of APIs that may own the same paths at one place. */
export const sharingRules: readonly SharingRule[] = [
  { between: ['metabase', 'idealist'], choose: chooseMetabaseOrIdealist },
];

/** A request that says nothing is Metabase's, whose 401 serves a client of the other as well. */
async function chooseMetabaseOrIdealist(request: SharedRequest): Promise<Choice> {
  for (const clue of clues) {
    const choice = await clue(request);
    if (choice !== undefined) return choice;
  }
  return 'metabase';
}

/** Reading the session is Idealist's, all else of sessions Metabase's. Ids are digits in Metabase and ObjectIds in Idealist. */
function byPath({ method, path }: SharedRequest): Choice | undefined {
  if (path === session) return method === 'GET' || method === 'HEAD' ? 'idealist' : 'metabase';
  if (path.startsWith(`${session}/`)) return 'metabase';
  if (isLongNumber(path)) return undefined;
  const [id = '', ...rest] = path.slice(collection.length + 1).split('/');
  if (/^(\d+|current|recipients)$/.test(id)) return 'metabase';
  return rest.length === 0 && /^[0-9a-f]{24}$/i.test(id) ? 'idealist' : undefined;
}

/** Idealist deletes nobody. */
function byMethod({ method, path }: SharedRequest): Choice | undefined {
  return method === 'DELETE' && !isLongNumber(path) ? 'metabase' : undefined;
}

/**
 * A Bearer header is sent on purpose, a cookie goes along: so the credential of Idealist comes first, but beside one of
 * Metabase only while it is good. A token of SCIM is no credential of either.
 */
async function byCredential(request: SharedRequest): Promise<Choice | undefined> {
  const token = idealistToken(request);
  if (token === undefined) return hasMetabaseCredential(request) ? 'metabase' : undefined;
  if (!hasMetabaseCredential(request)) return 'idealist';
  return isUuid(token) && (await request.isLive('idealist', token)) ? 'idealist' : 'metabase';
}

/** No number of Metabase is as long as an ObjectId. */
function byLongNumber({ path }: SharedRequest): Choice | undefined {
  return isLongNumber(path) ? 'idealist' : undefined;
}

function byQuery({ query }: SharedRequest): Choice | undefined {
  const has = (...names: readonly string[]) => names.some((name) => query.has(name));
  if (has('roles', 'franchisees')) return 'idealist';
  return has('status', 'group_id', 'include_deactivated') ? 'metabase' : undefined;
}

/** Only Idealist needs a role to make a person, and only Metabase an e-mail. */
async function byBody({ method, bodyNames }: SharedRequest): Promise<Choice | undefined> {
  if (method !== 'POST') return undefined;
  const names = await bodyNames();
  if (names.has('role') === names.has('email')) return undefined;
  return names.has('role') ? 'idealist' : 'metabase';
}

/** What a Bearer header says, without the word `persistent`, else the cookie; undefined where there is neither. */
function idealistToken({ header, cookies }: SharedRequest): string | undefined {
  const [bearer, sent = ''] = /^Bearer(?: +(.*))?$/i.exec(header('authorization') ?? '') ?? [];
  return bearer === undefined ? cookies.session || undefined : sent.replace(/^persistent +/i, '').trim();
}

/** `metabase.DEVICE` is the name of a browser and no credential. */
function hasMetabaseCredential({ header, cookies }: SharedRequest): boolean {
  const { 'metabase.SESSION': own, 'metabase.EMBEDDED_SESSION': embedded } = cookies;
  return [header('x-metabase-session'), header('x-api-key'), own, embedded].some((each) => Boolean(each));
}

/** Whether a path is that of a person by 24 digits, which could be a number and could be an ObjectId. */
function isLongNumber(path: string): boolean {
  return /^\/api\/user\/\d{24}$/.test(path);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
