import { expect, test } from 'vitest';
import { startWorkers, type Worker } from '#workers/start-workers.ts';

const quiet = { warn: () => undefined };

test('a run that is long hears that the server stops, and no other begins', async () => {
  const begun = Promise.withResolvers<void>();
  let runs = 0;
  const worker: Worker = {
    name: 'long',
    everyMs: 0,
    run: (stopping) => {
      runs += 1;
      begun.resolve();
      return new Promise((resolve) => stopping?.addEventListener('abort', () => resolve()));
    },
  };
  const workers = startWorkers([worker], quiet);
  await begun.promise;
  await workers.stop();
  expect(runs).toBe(1);
});

test('a run that fails is told, and another begins', async () => {
  const again = Promise.withResolvers<void>();
  const warned: object[] = [];
  let runs = 0;
  const worker: Worker = {
    name: 'weak',
    everyMs: 0,
    run: async () => {
      runs += 1;
      if (runs === 1) throw new Error('no');
      again.resolve();
    },
  };
  const workers = startWorkers([worker], { warn: (details) => void warned.push(details) });
  await again.promise;
  await workers.stop();
  expect(warned).toMatchObject([{ worker: 'weak', err: { message: 'no' } }]);
});
