// What the launcher's tests run. It says how it was started and, if it is to stay, which signal it gets, and at SIGTERM
// which ones it got.
const got: string[] = [];
const [want] = process.argv.slice(2);
const { argv, versions, pid, env } = process;

if (want === 'stay') {
  setInterval(() => {}, 1000);
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      got.push(signal);
      console.log(signal);
    });
  }
  process.on('SIGTERM', () => {
    console.log(got.join(' '));
    process.exit(7);
  });
} else {
  process.exitCode = want === 'die' ? 1 : Number(want ?? 0);
}

console.log(JSON.stringify({ argv, node: versions.node, pid, path: env.PATH, launcher: env.MUSTER_LAUNCHER }));

if (want === 'die') process.kill(pid, 'SIGKILL');
