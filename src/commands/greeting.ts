/** What a start has to say. */
export interface Started {
  /** Where SCIM answers. */
  readonly scimUrl: string;
  /** The token of the first connection, once; with `file` it stands there and is not shown. */
  readonly token?: { readonly token: string; readonly file?: string };
  /** Where the data are, for the Postgres that came along. */
  readonly dataFolder?: string;
  readonly pid: number;
}

/** How the command line is called: a stranger's package has the bare name. */
export const command = 'npx --no-install muster';

/** What a person reads when the server listens: where it is, how to ask it something, how to stop it. */
export function greeting({ scimUrl, token, dataFolder, pid }: Started): string {
  const users = quoted(`${scimUrl}/Users`);
  const credential = `-H "Authorization: Bearer ${shown(token)}"`;
  const lines = [
    '',
    `Muster listens. SCIM base URL: ${scimUrl}`,
    '',
    ...tokenLines(token),
    '',
    'Create a person:',
    `  curl -s ${users} ${credential} -H 'Content-Type: application/scim+json' \\`,
    `    -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.org","name":{"givenName":"Ada","familyName":"Lovelace"}}'`,
    'Find her:',
    `  curl -sG ${users} ${credential} --data-urlencode 'filter=userName eq "ada@example.org"'`,
    '',
    ...(dataFolder === undefined ? [] : [`Data folder: ${dataFolder}`]),
    `Stop with Ctrl-C, or from elsewhere with: kill ${pid}`,
    '',
    '',
  ];
  return lines.join('\n');
}

function tokenLines(token: Started['token']): string[] {
  const another = `Make a${token === undefined ? '' : 'nother'} token: ${command} connection create --name NAME --dialect scim`;
  if (token === undefined) return [another];
  if (token.file !== undefined) return [`The token of the first connection is in ${token.file}`, another];
  return [`Token of the first connection, shown this once: ${token.token}`, another];
}

function shown(token: Started['token']): string {
  if (token === undefined) return 'YOUR_TOKEN';
  return token.file === undefined ? token.token : `$(cat ${quoted(token.file)})`;
}

/** As one word of a shell, whatever is in it. */
export function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
