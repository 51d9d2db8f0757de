import { metabase } from '#dialects/metabase/metabase.ts';
import { dialectRows, listed, oneself, type Said } from './matrix-dialect.ts';
import {
  type About,
  type Asked,
  but,
  type Cells,
  cells,
  everybody,
  foreign,
  known,
  people,
  type Row,
  readers,
  row,
  strange,
  writers,
} from './matrix-row.ts';

const setters = ['superuser', 'tenant admin'] as const;
const ordinary = ['person', 'group manager'] as const;
const changers = [...writers, 'users only'] as const;
const past = cells({ ok: known });
const written = cells({ ok: writers, missing: strange });
const managed = ['group manager'] as const;
const password = 'a Staple of 7341 horses';

const email = ({ fresh }: Asked) => `${fresh}@example.org`;
const person = (name: 'user' | 'superuser' | 'mine') => ({
  id: ({ subjects }: Asked) => String(subjects.numbers[name]),
});
const group = (name: 'group' | 'managed') => ({ id: ({ subjects }: Asked) => String(subjects.numbers[name]) });
const self = { id: oneself };
const spareOf = (asked: Asked) => asked.subjects.spare[asked.column];
const spareGroup = { id: (asked: Asked) => String(spareOf(asked).group) };
const name = ({ fresh }: Asked) => ({ name: fresh });
const memberships = (...ids: number[]) => ({ user_group_memberships: ids.map((id) => ({ id })) });

/** The membership of the user in the group of everybody. */
const inEverybody = { id: ({ subjects }: Asked) => String(3 * subjects.numbers.user + 1) };

/** The same in the enterprise edition, where managers of groups may something too. */
const enterprise = (granted: Cells, about: About = {}) =>
  [granted, { ...about, what: `${about.what ?? ''} in the enterprise edition`.trim(), edition: 'enterprise' }] as const;

const users: Said = {
  'GET /user': [[listed], enterprise(but(managed, 'ok', listed))],
  'GET /user/recipients': [[past]],
  'GET /user/current': [
    [past],
    [
      // A page of another site makes the browser send cookies; a header it cannot add.
      but(known, 401, past),
      { what: 'by the cookie of an embedded page', send: cookie('metabase.EMBEDDED_SESSION') },
    ],
    [but(people, 'ok', everybody(401)), { what: 'by the cookie of a browser', send: cookie('metabase.SESSION') }],
  ],
  'GET /user/:id{[0-9]+}': [
    [cells({ ok: readers, missing: strange })],
    [cells({ ok: [...readers, ...ordinary], missing: strange }), { what: 'who asks', fill: self }],
    [cells({ ok: [...readers, 'franchise'], missing: foreign }), { what: 'of the franchisee', fill: person('mine') }],
    enterprise(cells({ ok: [...readers, ...managed], missing: strange })),
  ],
  'POST /user': [
    [cells({ ok: [...changers, 'franchise', ...foreign] }), { body: (asked) => ({ email: email(asked) }) }],
    [
      cells({ ok: ['superuser', ...foreign] }),
      { what: 'who are superusers', body: (asked) => ({ email: email(asked), ...memberships(1, 2) }) },
    ],
    [
      but(foreign, 400, cells({ ok: [...writers, 'franchise'] })),
      {
        what: 'who are in a group',
        body: (asked) => ({ email: email(asked), ...memberships(1, asked.subjects.numbers.group) }),
      },
    ],
    [
      but([...changers, 'franchise'], 400, cells({ ok: foreign })),
      { what: 'who have the e-mail of another', body: ({ subjects }) => ({ email: subjects.taken }) },
    ],
    [but(known, 400, past), { what: 'as text', type: 'text/plain', body: (asked) => ({ email: email(asked) }) }],
  ],
  'PUT /user/:id{[0-9]+}': [
    [written, { body: () => ({ first_name: 'x' }) }],
    [written, { what: 'by nothing', body: () => ({}) }],
    [
      cells({ ok: [...writers, ...ordinary], missing: strange }),
      { what: 'who asks', fill: self, body: ({ fresh }) => ({ last_name: fresh }) },
    ],
    [
      // Whoever may make superusers hears of the e-mail.
      but(['superuser'], 400, cells({ missing: strange })),
      { what: 'to a superuser', body: ({ subjects }) => ({ is_superuser: true, email: subjects.taken }) },
    ],
    [
      cells({ ok: ['superuser'], missing: strange }),
      {
        what: 'who asks, into groups',
        fill: self,
        body: ({ subjects }) => memberships(1, 2, subjects.numbers.group),
      },
    ],
  ],
  'PUT /user/:id{[0-9]+}/reactivate': [[but(changers, 400, cells({ missing: strange }))]],
  'PUT /user/:id{[0-9]+}/password': [
    [cells({ ok: setters, missing: strange }), { body: () => ({ password }) }],
    [
      cells({ ok: ['superuser'], missing: strange }),
      { what: 'of a superuser', fill: person('superuser'), body: () => ({ password }) },
    ],
  ],
  'PUT /user/:id{[0-9]+}/modal/:modal': [
    [written, { fill: { modal: () => 'qbnewb' } }],
    [
      cells({ ok: [...writers, ...ordinary], missing: strange }),
      { what: 'who asks', fill: { ...self, modal: () => 'qbnewb' } },
    ],
  ],
  'DELETE /user/:id{[0-9]+}': [
    [cells({ ok: changers, missing: strange }), { fill: { id: (asked) => String(spareOf(asked).person) } }],
  ],
};

const sessions: Said = {
  'POST /session': [[everybody(400), { body: () => ({}) }]],
  'DELETE /session': [[but(people, 'ok', everybody(404)), { tokens: 'leaving metabase' }]],
  'POST /session/forgot_password': [[everybody('ok'), { body: (asked) => ({ email: email(asked) }) }]],
  'POST /session/reset_password': [[everybody(400), { body: ({ fresh }) => ({ token: fresh, password }) }]],
  'GET /session/password_reset_token_valid': [[everybody('ok'), { query: '?token=x' }]],
  // There is somebody in the tenant of strangers.
  'POST /setup': [[everybody(403), { body: () => ({}) }]],
  'POST /util/password_check': [[everybody(400), { body: () => ({}) }]],
};

const joining = (into: (asked: Asked) => number, who: (asked: Asked) => number) => ({
  body: (asked: Asked) => ({ group_id: into(asked), user_id: who(asked) }),
});
const stored = cells({ ok: writers, missing: foreign });

const groups: Said = {
  'GET /permissions/group': [[listed], enterprise(but(managed, 'ok', listed))],
  'GET /permissions/group/:id{[0-9]+}': [
    [cells({ ok: [...readers, 'franchise'], missing: foreign }), { fill: group('managed') }],
    [listed, { what: 'of the superusers', fill: { id: () => '2' } }],
    enterprise(cells({ ok: [...readers, 'franchise'], missing: foreign }), { fill: group('group') }),
    enterprise(cells({ ok: [...readers, 'franchise', ...managed], missing: foreign }), {
      what: 'that is managed',
      fill: group('managed'),
    }),
  ],
  'POST /permissions/group': [[cells({ ok: [...writers, ...foreign] }), { body: name }]],
  'PUT /permissions/group/:id{[0-9]+}': [
    [stored, { fill: group('managed'), body: name }],
    enterprise(stored, { fill: group('group'), body: name }),
    enterprise(but(managed, 'ok', stored), { what: 'that is managed', fill: group('managed'), body: name }),
  ],
  'DELETE /permissions/group/:id{[0-9]+}': [
    // A group that is not there is deleted already.
    [cells({ ok: [...writers, ...foreign] }), { fill: spareGroup }],
  ],
  'GET /permissions/membership': [[listed], enterprise(but(managed, 'ok', listed))],
  'POST /permissions/membership': [
    [
      cells({ ok: [...writers, 'franchise'], missing: foreign }),
      joining(
        (asked) => spareOf(asked).group,
        ({ subjects }) => subjects.numbers.mine,
      ),
    ],
    [
      cells({ ok: ['superuser'], missing: strange }),
      {
        what: 'of the superusers',
        ...joining(
          () => 2,
          (asked) => spareOf(asked).person,
        ),
      },
    ],
    enterprise(cells({ ok: writers, missing: strange }), {
      ...joining(
        ({ subjects }) => subjects.numbers.group,
        (asked) => spareOf(asked).person,
      ),
    }),
    enterprise(cells({ ok: [...writers, ...managed], missing: strange }), {
      what: 'of a group that is managed',
      ...joining(
        ({ subjects }) => subjects.numbers.managed,
        (asked) => spareOf(asked).person,
      ),
    }),
  ],
  'PUT /permissions/membership/:id{[0-9]+}': [
    [but(known, 402, past), { fill: inEverybody, body: () => ({ is_group_manager: true }) }],
    enterprise(but(writers, 400, cells({ missing: strange })), {
      fill: inEverybody,
      body: () => ({ is_group_manager: true }),
    }),
  ],
  'PUT /permissions/membership/:id{[0-9]+}/clear': [
    [cells({ ok: [...writers, 'franchise'], missing: foreign }), { fill: spareGroup }],
    enterprise(cells({ ok: [...writers, 'franchise'], missing: foreign }), { fill: spareGroup }),
  ],
  'DELETE /permissions/membership/:id{[0-9]+}': [
    [but(writers, 400, cells({ missing: strange })), { fill: inEverybody }],
    enterprise(but(writers, 400, cells({ missing: strange })), { fill: inEverybody }),
  ],
};

/** Keys are for superusers: whoever has one of theirs is one of them. */
const kept = cells({ ok: ['superuser', ...foreign] });
const keptHere = cells({ ok: ['superuser'], missing: foreign });
const key = { id: ({ subjects }: Asked) => String(subjects.numbers.key) };

const keys: Said = {
  'POST /api-key': [
    [kept, { body: ({ fresh }) => ({ name: fresh, group_id: 1 }) }],
    [kept, { what: 'of the superusers', body: ({ fresh }) => ({ name: fresh, group_id: 2 }) }],
    [
      keptHere,
      { what: 'of a group', body: ({ fresh, subjects }) => ({ name: fresh, group_id: subjects.numbers.group }) },
    ],
  ],
  'GET /api-key': [[kept]],
  'GET /api-key/count': [[kept]],
  'PUT /api-key/:id{[0-9]+}': [[keptHere, { fill: key, body: name }]],
  'PUT /api-key/:id{[0-9]+}/regenerate': [[keptHere, { fill: key }]],
  'DELETE /api-key/:id{[0-9]+}': [[keptHere, { fill: key }]],
};

/** Which paths there are is said to everybody. */
export const metabaseRows: readonly Row[] = [
  ...dialectRows(metabase, { ...users, ...sessions, ...groups, ...keys }),
  row('OPTIONS /api/*', everybody('ok')),
  row('ALL /api/*', everybody(404)),
];

function cookie(called: string) {
  return (token: string) => ({ Cookie: `${called}=${token}` });
}
