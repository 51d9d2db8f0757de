#!/usr/bin/env node
// Runs a script of this project with Node 24, whatever Node the PATH has: src/cli.ts, or the script named first.
// Plain JavaScript that Node 18 can read, since older Nodes must get as far as the message at the end.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const named = /\.(ts|mjs|js)$/.test(process.argv[2] ?? '');
const script = named ? path.resolve(process.argv[2]) : fileURLToPath(new URL('./cli.ts', import.meta.url));
const args = process.argv.slice(named ? 3 : 2);

if (Number.parseInt(process.versions.node, 10) >= 24) {
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
  const child = spawn(node, [fileURLToPath(import.meta.url), script, ...args], {
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
