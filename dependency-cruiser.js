/** Which folders of src a folder may import: the table of docs/explanation/architecture.md. */
const mayImport = {
  attributes: [],
  http: [],
  postgres: [],
  domain: ['attributes'],
  store: ['attributes', 'domain'],
  journal: ['domain', 'store'],
  access: ['domain', 'store'],
  operations: ['attributes', 'domain', 'store', 'journal', 'access'],
  workers: [
    ...['domain', 'store', 'journal', 'operations'],
    'http/request-record.ts', // what the request log is told
  ],
  dialects: ['attributes', 'domain', 'operations', 'access', 'http'],
  admin: [
    ...['domain', 'operations', 'access', 'http'],
    ...['dialects/index.ts', 'dialects/dialect.ts', 'dialects/dialect-app.ts', 'dialects/mount.ts'],
    ...['dialects/read-body.ts', 'dialects/add-routes.ts', 'dialects/write-openapi.ts'],
  ],
  console: ['domain', 'operations', 'access', 'http'],
  commands: [
    ...['app.ts', 'config.ts', 'attributes', 'postgres', 'domain', 'store', 'journal'],
    ...['access', 'operations', 'workers', 'dialects', 'admin'],
    'http/limits.ts', // a table, for the reference docs
  ],
  'config.ts': ['domain/limits.ts', 'setting-values.ts'],
  'setting-values.ts': [],
  'launch.mjs': [],
};

/** The files that put the parts together, and so may import every one of them. */
const assembly = ['app.ts', 'serve.ts', 'main.ts', 'cli.ts'];

/** Who may import a package. A package without a row is for the tests alone. */
const packageUsers = {
  hono: ['http', 'dialects', 'admin', 'console', 'app.ts'],
  '@hono/node-server': ['http'],
  '@prometheus-io/client': ['http'],
  pino: ['http'],
  pg: ['store'],
  kysely: ['store'],
  valibot: ['config.ts', 'setting-values.ts', 'domain', 'dialects', 'admin'],
  'hono-openapi': ['admin'],
  lucia: ['access/sessions.ts'],
  jose: ['access'],
  'rate-limiter-flexible': ['store'],
  nodemailer: ['workers', 'access'],
  '@zxcvbn-ts/language-common': ['access'],
  '@zxcvbn-ts/language-pt-br': ['access'],
  'scim2-parse-filter': ['dialects/scim/filter-library.ts'],
  'unicode-case-folding': ['domain'],
  uuidv7: ['domain', 'store', 'operations'],
  commander: ['commands'],
  '@clack/prompts': ['commands'],
};

const escaped = (text) => text.replaceAll('.', '\\.');
const inSource = (part) => `^src/${escaped(part)}${part.includes('.') ? '$' : '/'}`;
const inPackage = (name) => `^node_modules/${name}/`;
const quietly = (rule) => ({ severity: 'error', ...rule });

const folderRules = Object.entries(mayImport).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `${folder} may import ${others.join(', ') || 'nothing else of ours'}`,
  from: { path: inSource(folder) },
  to: { path: '^src/', pathNot: [folder, ...others].map(inSource) },
}));

const packageRules = Object.entries(packageUsers).map(([name, users]) => ({
  name: `package-${name}`,
  comment: `${name} is for ${users.join(', ')}`,
  from: { path: '^src/', pathNot: users.map(inSource) },
  to: { path: inPackage(name) },
}));

const generalRules = [
  {
    name: 'no-cycles',
    comment: 'Files that import one another cannot be understood one at a time.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved',
    comment: 'What cannot be found cannot be checked either.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-other-folder',
    comment: 'A new folder needs a row in the table.',
    from: {},
    to: { path: '^src/', pathNot: [...Object.keys(mayImport), ...assembly].map(inSource) },
  },
  {
    name: 'no-other-package',
    comment: 'A new package needs a row that says who may import it.',
    from: { path: '^src/' },
    to: { path: 'node_modules/', pathNot: Object.keys(packageUsers).map(inPackage) },
  },
  {
    name: 'no-dialect-imports-another',
    comment: 'What two dialects share stands above both.',
    from: { path: '^src/dialects/([^/]+)/' },
    to: { path: '^src/dialects/[^/]+/', pathNot: '^src/dialects/$1/' },
  },
  {
    name: 'no-tests-in-source',
    comment: 'The program runs without its tests.',
    from: { path: '^src/' },
    to: { path: '^test/' },
  },
];

export default {
  forbidden: [...folderRules, ...packageRules, ...generalRules].map(quietly),
  options: {
    // TypeScript 7 has no API for others yet; with typescript alone no .ts file would be seen.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
