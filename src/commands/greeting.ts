/** What a start has to say. */
interface Started {
  readonly publicUrl: string;
  /** The token of the first connection, once; with `file` it stands there and is not shown. */
  readonly token?: { readonly token: string; readonly file?: string };
  /** Where the data are, for the Postgres that came along. */
  readonly dataFolder?: string;
}

const command = 'npx --no-install muster';

/** What a person reads when the server listens: where it is, how to ask it something, how to stop it. */
export function greeting({ publicUrl, token, dataFolder }: Started): string {
  const base = `${publicUrl}/scim/v2`;
  const lines = [
    '',
    `Muster listens. SCIM base URL: ${base}`,
    '',
    ...tokenLines(token),
    '',
    'Create a person:',
    `  curl -s ${base}/Users -H "Authorization: Bearer ${shown(token)}" -H 'Content-Type: application/scim+json' \\`,
    `    -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.org","name":{"givenName":"Ada","familyName":"Lovelace"}}'`,
    'Find her:',
    `  curl -sG ${base}/Users -H "Authorization: Bearer ${shown(token)}" --data-urlencode 'filter=userName eq "ada@example.org"'`,
    '',
    ...(dataFolder === undefined ? [] : [`Data folder: ${dataFolder}`]),
    'Stop with Ctrl-C.',
    '',
    '',
  ];
  return lines.join('\n');
}

function tokenLines(token: Started['token']): string[] {
  if (token === undefined) return [`Make a token: ${command} connection create --name NAME --dialect scim`];
  if (token.file !== undefined) return [`The token of the first connection is in ${token.file}`];
  return [`Token of the first connection, shown this once: ${token.token}`];
}

function shown(token: Started['token']): string {
  if (token === undefined) return 'YOUR_TOKEN';
  return token.file === undefined ? token.token : `$(cat '${token.file}')`;
}
