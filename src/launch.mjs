#!/usr/bin/env node
// Runs a script of this project with Node 24, whatever Node the PATH has: src/cli.ts, or the script named first.
// Plain JavaScript that Node 18 can read, since older Nodes must get as far as the message at the end.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { Socket } from 'node:net';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const named = /\.(ts|mjs|js)$/.test(process.argv[2] ?? '');
const script = named ? path.resolve(process.argv[2]) : fileURLToPath(new URL('./cli.ts', import.meta.url));
const args = process.argv.slice(named ? 3 : 2);

// V8 lets garbage grow to many times what lives before it collects it. These keep the program itself near 200 MiB; they
// set no limit on what may live. A script of somebody else's, such as the test runner, is left as it is.
const thrift = /[\\/]src[\\/](main|cli)\.ts$/.test(script)
  ? ['--max-semi-space-size=8', '--heap-growing-percent=20']
  : [];

if (Number.parseInt(process.versions.node, 10) >= 24) {
  if (thrift.some((flag) => !process.execArgv.includes(flag))) restartWith(thrift);
  // Types are stripped and sources compiled once, not at every start.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/muster', import.meta.url)));
  endWithLauncher();
  process.argv = [process.argv[0], script, ...args];
  await import(pathToFileURL(script).href);
} else {
  runWithNode24();
}

function runWithNode24() {
  const node = findNode24();
  if (node === undefined) return giveUp();
  const PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`;
  // In a session of its own, so that Ctrl-C reaches only us and the child gets each signal once, from here: a server
  // takes a second one for impatience. File 3 tells the child that we are gone, should somebody kill us outright.
  const child = spawn(node, [...thrift, fileURLToPath(import.meta.url), script, ...args], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, PATH, MUSTER_LAUNCHER: String(process.pid) },
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal));
  child.on('error', giveUp);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Becomes the same program with these flags: the process, its id and its signals stay. Elsewhere than POSIX it goes on without. */
function restartWith(flags) {
  process.execve?.(
    process.execPath,
    [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)],
    process.env,
  );
}

function findNode24() {
  try {
    const description = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    return path.join(path.dirname(description), 'bin', 'node');
  } catch {
    return undefined; // not every platform has the package, and npm may have been told to leave it out
  }
}

function giveUp() {
  console.error(`Muster needs Node 24 and this is Node ${process.versions.node}: install Node 24 and start again.`);
  process.exit(1);
}

function endWithLauncher() {
  const launched = process.env.MUSTER_LAUNCHER === String(process.ppid);
  delete process.env.MUSTER_LAUNCHER;
  if (!launched) return;
  const launcher = new Socket({ fd: 3 });
  launcher
    .on('close', () => process.kill(process.pid, 'SIGKILL'))
    .resume()
    .unref();
}
