import type { Guard } from './matrix-guard.ts';

const staff = '/api/v1/staff/users';
const people = '/api/user';
const one = `${people}/:id{[0-9]+}`;
const groups = '/api/permissions/group';
const enterprise = 'in the enterprise edition';

const somebody =
  "{ context.set('caller', { tenant: 2, connection: '', profile: '', requestId: '', dialect: '', rights: ['read'] }); return next(); }";

/** The guards of the APIs that Muster stands in for, and of the operations that only they call. */
export const dialectGuards: readonly Guard[] = [
  {
    name: 'only who reads people gets into CallBox',
    file: 'dialects/callbox/staff-route.ts',
    ...{ text: "checkRight(caller, 'read');", off: '' },
    ...{ row: `GET ${staff}/permissions/list`, column: 'person' },
  },
  {
    name: 'who may change nobody hears so whatever he wants',
    file: 'dialects/change-person.ts',
    ...{ text: "if (caller.person === undefined) checkMayWrite(caller, 'User');", off: '' },
    ...{ row: `PUT ${one} by nothing`, column: 'reader' },
  },
  {
    name: 'an e-mail is one person’s',
    file: 'operations/check-emails.ts',
    ...{ text: "type.name !== 'User' || emails === 'free'", off: 'true' },
    ...{ row: `POST ${people} who have the e-mail of another`, column: 'writer' },
  },
  {
    name: 'the routes of Metabase need a credential',
    file: 'dialects/metabase/credential.ts',
    text: "if (token === undefined) throw new Fault('unauthenticated', 'no credential of the request is good');",
    off: `if (token === undefined) ${somebody}`,
    ...{ row: `GET ${people}`, column: 'none' },
  },
  {
    name: 'the cookie of an embedded page counts with a header alone',
    file: 'dialects/metabase/credential.ts',
    ...{ text: "context.req.header('x-metabase-anti-csrf-token') && getCookie(", off: 'getCookie(' },
    ...{ row: `GET ${people}/current by the cookie of an embedded page`, column: 'person' },
  },
  {
    name: 'a key is no session',
    file: 'dialects/metabase/credential.ts',
    ...{ text: 'tokens.filter(isSession)', off: "tokens.filter((token) => token !== undefined && token !== '')" },
    ...{ row: `GET ${people}/current by the cookie of a browser`, column: 'reader' },
  },
  {
    name: 'what is not JSON says nothing',
    file: 'dialects/metabase/read-request.ts',
    ...{ text: 'if (!jsonMediaType.test(type)) return {};', off: '' },
    ...{ row: `POST ${people} as text`, column: 'writer' },
  },
  {
    name: 'ordinary people list nobody',
    file: 'dialects/metabase/list-users.ts',
    ...{ text: 'if (!seesAll(caller) && !isManager) throw notAllowed();', off: '' },
    ...{ row: `GET ${people}`, column: 'person' },
  },
  {
    name: 'managers of groups see people in the enterprise edition alone',
    file: 'dialects/metabase/asker.ts',
    ...{ text: "settings.metabase.edition !== 'enterprise' ||", off: '' },
    ...{ row: `GET ${people}`, column: 'group manager' },
  },
  {
    name: 'ordinary people read nobody else',
    file: 'operations/get-person.ts',
    ...{ text: 'if (!mayRead) throw', off: 'if (false) throw' },
    ...{ row: `GET ${one}`, column: 'person' },
  },
  {
    name: 'a franchise reads its people',
    file: 'store/read-people.ts',
    ...{ text: "isSeen('User', '$1', '$4')", off: "' and $4::uuid is not null'" },
    ...{ row: `GET ${staff}/:user_id`, column: 'franchise' },
  },
  {
    name: 'a manager touches his groups alone',
    file: 'operations/check-manages.ts',
    ...{ text: "groups !== 'all' && (group === undefined || !groups.includes(group))", off: 'false' },
    ...{ row: `PUT ${groups}/:id{[0-9]+} ${enterprise}`, column: 'group manager' },
  },
  {
    name: 'managers do nothing to groups in the free edition',
    file: 'dialects/metabase/group-routes.ts',
    ...{ text: "{ byManagers: settings.metabase.edition === 'enterprise' }", off: '{ byManagers: true }' },
    ...{ row: `GET ${groups}`, column: 'group manager' },
  },
  {
    name: 'keys are for superusers',
    file: 'operations/api-key.ts',
    ...{ text: "checkRight(caller, 'superuser');", off: '' },
    ...{ row: 'GET /api/api-key', column: 'tenant admin' },
  },
  {
    name: 'nobody sets up where somebody is',
    file: 'dialects/metabase/setup-routes.ts',
    ...{ text: "settings.metabase.setup === 'closed' || setup.isSetUp", off: 'false' },
    ...{ row: 'POST /api/setup', column: 'none', found: 400 },
  },
  {
    // The last of all: it ends the sessions of the superuser.
    name: 'nobody deactivates himself',
    file: 'domain/check-own-account.ts',
    ...{ text: "ownAccount === 'free' || person !== id", off: 'true' },
    ...{ row: `PATCH ${staff}/:user_id to be inactive oneself`, column: 'superuser' },
  },
];
