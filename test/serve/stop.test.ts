import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openRaw } from '#test/http/raw-socket.ts';
import { makeDataFolder } from '#test/postgres/data-folders.ts';
import { isAlive } from '#test/postgres/processes.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { type Load, startLoad, wrongedBy } from './load.ts';
import { firstToken, greeted, launcher, main, postgresPid, run, send, serveOn, stop } from './run-muster.ts';

// Each of these starts several servers, and the machine may have other things to do.
vi.setConfig({ testTimeout: 60_000 });

// So much load that no other server starts beside it.
const alone = { concurrent: false };
const halfRequest = 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ';

// The first waits ten seconds and does nothing, so the others run in that time.
describe.concurrent('a stop', () => {
  test('SIGTERM with a client that never ends its request exits with 0 at the deadline (F-16)', async () => {
    const server = await serveOn(await makeDataFolder());
    await openRaw(portOf(server.url), halfRequest);
    const start = performance.now();
    expect((await stop(server)).code).toBe(0);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  describe('meanwhile', () => {
    test(
      'SIGTERM under load leaves no doubt about any request and stops Postgres last, each time (F-14)',
      alone,
      async () => {
        const folder = await makeDataFolder();
        const loads: Load[] = [];
        for (const round of [1, 2]) {
          const server = await serveOn(folder);
          const pid = postgresPid(folder) ?? 0;
          const load = startLoad(server.url, firstToken(folder), `term-${round}`);
          loads.push(load);
          await waitUntil(() => load.acknowledged().length >= 30, 'some load', { deadlineMs: 30_000 });
          const start = performance.now();
          const { code, stdout } = await stop(server);
          expect(code).toBe(0);
          expect(performance.now() - start).toBeLessThan(10_000);
          expect(isAlive(pid)).toBe(false);
          const lines = stdout.trim().split('\n');
          expect(lines.at(-1)).toContain('"msg":"PostgreSQL has stopped"');
          await load.stop();
        }
        const server = await serveOn(folder);
        for (const load of loads)
          expect(await wrongedBy(load, server.url, firstToken(folder))).toEqual({ lost: [], doubtful: [] });
        await stop(server);
      },
    );

    test('killed three times under load, the server loses nothing that it acknowledged (F-01)', alone, async () => {
      const folder = await makeDataFolder();
      const loads: Load[] = [];
      let server = await serveOn(folder);
      for (const victims of ['server', 'server', 'server and Postgres']) {
        const load = startLoad(server.url, firstToken(folder), `kill-${loads.length}`);
        loads.push(load);
        await waitUntil(() => load.acknowledged().length >= 30, 'some load', { deadlineMs: 30_000 });
        const pid = postgresPid(folder) ?? 0;
        if (victims !== 'server') process.kill(pid, 'SIGKILL');
        expect((await stop(server, 'SIGKILL')).signal).toBe('SIGKILL');
        await load.stop();
        const start = performance.now();
        server = await serveOn(folder);
        expect(performance.now() - start).toBeLessThan(5_000);
        expect(postgresPid(folder) === pid).toBe(victims === 'server');
      }
      for (const load of loads) expect((await wrongedBy(load, server.url, firstToken(folder))).lost).toEqual([]);
      const pid = postgresPid(folder) ?? 0;
      expect((await stop(server)).code).toBe(0);
      expect(isAlive(pid)).toBe(false);
    });

    test('a second signal ends the server at once, and the next start has the data (F-15)', async () => {
      const folder = await makeDataFolder();
      const server = await serveOn(folder);
      await send(server.url, firstToken(folder), 'POST', '/Users', { userName: 'ada' });
      const slow = await openRaw(portOf(server.url), halfRequest);
      server.child.kill('SIGTERM');
      await waitUntil(() => server.stdout().includes('a second signal stops at once'), 'the first signal to be heard');
      // One that comes right after the first is taken for its echo.
      const insist = () => server.child.exitCode !== null || (server.child.kill('SIGINT') && false);
      await waitUntil(insist, 'the server to end at once', { deadlineMs: 9_000, everyMs: 100 });
      expect((await server.ended).code).toBe(130);
      await slow.closed;
      const next = await serveOn(folder);
      expect(await userCount(next.url, folder)).toBe(1);
      expect((await stop(next)).code).toBe(0);
    });

    test('the server goes on when the reader of its output is gone (F-33)', async () => {
      const folder = await makeDataFolder();
      const line = `'${process.execPath}' '${launcher}' '${main}' | head -n 1`;
      const shell = run('sh', ['-c', line], { MUSTER_DATA: folder, PORT: '0' });
      const pidFile = path.join(folder, 'locks/server.pid');
      await waitUntil(() => shell.stdout() !== '', 'the first line');
      await waitUntil(() => readable(path.join(folder, 'server-url')) !== '', 'the server to listen');
      const url = readable(path.join(folder, 'server-url')).trim();
      const pid = Number(readable(pidFile));
      for (const name of ['a', 'b', 'c']) await send(url, firstToken(folder), 'POST', '/Users', { userName: name });
      expect(await userCount(url, folder)).toBe(3);
      process.kill(pid, 'SIGTERM');
      await shell.ended;
      expect(isAlive(pid)).toBe(false);
      expect(postgresPid(folder)).toBeUndefined();
    });

    test('a signal to npm start drains the server too, and leaves nothing behind', async () => {
      const folder = await makeDataFolder();
      const cwd = path.resolve(import.meta.dirname, '../..');
      const npm = await greeted(run('npm', ['start'], { MUSTER_DATA: folder, PORT: '0' }, { cwd }));
      const pids = [Number(readable(path.join(folder, 'locks/server.pid'))), postgresPid(folder) ?? 0];
      expect(pids.map(isAlive)).toEqual([true, true]);
      await stop(npm);
      await waitUntil(() => !pids.some(isAlive), 'the end of the server and of Postgres');
      expect(postgresPid(folder)).toBeUndefined();
      expect(npm.stdout()).toContain('"msg":"stopping; a second signal stops at once"');
    });
  });
});

async function userCount(url: string, folder: string): Promise<number> {
  const answer = await send(url, firstToken(folder), 'GET', '/Users?count=0');
  return JSON.parse(await answer.text()).totalResults;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function readable(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
