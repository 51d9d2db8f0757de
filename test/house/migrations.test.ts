import { expect, test } from 'vitest';
import { readMigrations } from '#store/migration-files.ts';
import { shipped } from '#test/support/migration-folder.ts';

test('the migrations that the program ships are numbered without gaps and named NNNN_name.sql', async () => {
  const files = await readMigrations(shipped);
  expect(files.map((file) => file.number)).toEqual(files.map((_, index) => index + 1));
});
