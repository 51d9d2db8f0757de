import { startEmbeddedPostgres } from '#postgres/embedded-postgres.ts';

// A program that uses the Postgres of the folder named first, as what is named second, until SIGTERM. It prints one line
// of JSON when it is up, and its log to stderr.
const [folder = '', as] = process.argv.slice(2);

try {
  const postgres = await startEmbeddedPostgres({
    folder,
    as: as === 'command' ? 'command' : 'server',
    log: (message) => console.error(message),
    settings: { fsync: 'off' },
  });
  const stay = setInterval(() => undefined, 1000);
  process.once('SIGTERM', () => {
    void postgres.stop().then(() => clearInterval(stay));
  });
  console.log(JSON.stringify({ pid: process.pid, ...postgres }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
