import { callbox } from '#dialects/callbox/callbox.ts';
import { dialectRows, oneself, type Said } from './matrix-dialect.ts';
import {
  type Asked,
  admins,
  but,
  cells,
  everybody,
  foreign,
  type Row,
  readers,
  row,
  strange,
  writers,
} from './matrix-row.ts';

const setters = ['superuser', 'tenant admin'] as const;
const written = cells({ ok: writers, missing: strange });
const spare = ({ subjects, column }: Asked) => String(subjects.spare[column].person);
const email = ({ fresh }: Asked) => `${fresh}@example.org`;

/** Whoever is refused hears the same of nobody as of somebody. */
const nobody = { what: 'of nobody', fill: { user_id: () => '999999' } };

const said: Said = {
  'POST /users': [
    [cells({ ok: [...setters, ...foreign] }), { body: (asked) => ({ email: email(asked) }) }],
    [
      cells({ ok: ['superuser', ...foreign] }),
      { what: 'who are superusers', body: (asked) => ({ email: email(asked), is_superuser: true }) },
    ],
  ],
  'GET /users/:user_id': [
    [cells({ ok: readers, missing: strange })],
    [
      cells({ ok: [...readers, 'franchise'], missing: foreign }),
      { what: 'of the franchisee', fill: { user_id: ({ subjects }) => String(subjects.numbers.mine) } },
    ],
  ],
  'PATCH /users/:user_id': [
    [written, { body: () => ({ first_name: 'x' }) }],
    [
      // Whoever may make superusers hears of the e-mail.
      but(['superuser'], 400, cells({ missing: strange })),
      { what: 'to a superuser', body: ({ subjects }) => ({ is_superuser: true, email: subjects.taken }) },
    ],
    [
      but(['superuser'], 400, written),
      {
        what: 'to be inactive oneself',
        fill: { user_id: (asked) => (asked.subjects.selfNumbers[asked.column] ? oneself(asked) : spare(asked)) },
        body: () => ({ is_active: false }),
      },
    ],
  ],
  'DELETE /users/:user_id': [[written, { fill: { user_id: spare } }]],
  'POST /users/:user_id/reset-password': [
    [cells({ ok: setters, missing: foreign })],
    [cells({ missing: [...setters, ...foreign] }), nobody],
    [
      cells({ ok: ['superuser'], missing: foreign }),
      { what: 'of a superuser', fill: { user_id: ({ subjects }) => String(subjects.numbers.superuser) } },
    ],
  ],
  'POST /users/:user_id/unlock': [
    [cells({ ok: admins, missing: foreign })],
    [cells({ missing: [...admins, ...foreign] }), nobody],
  ],
};

const { prefixes, routes = [] } = callbox;
const paths = [...new Set(routes.map(({ path }) => `${prefixes[0]}${path}`))];

/** Which paths and methods there are is said to everybody; what they do is not. */
export const callboxRows: readonly Row[] = [
  ...dialectRows(callbox, said),
  ...paths.flatMap((path) => [row(`ALL ${path}`, everybody('ok')), row(`ALL ${path}/`, everybody(307))]),
  row(`ALL ${prefixes[0]}/*`, everybody(404)),
];
