import { expect, test } from 'vitest';
import { greeting } from '#commands/greeting.ts';
import { apiUrl } from '#commands/server-url.ts';

const publicUrl = 'https://muster.example.org';

test('the greeting says where SCIM answers, also where it was moved to', () => {
  const mounts = [
    { name: 'scim', host: 'roll.example.org', prefix: '/people' },
    { name: 'scim', prefix: '/second' },
  ] as const;
  const moved = greeting({ scimUrl: apiUrl('scim', { mounts }, publicUrl), pid: 1 });
  expect(moved).toContain('SCIM base URL: https://roll.example.org/people/scim/v2\n');
  expect(moved).toContain('curl -s https://roll.example.org/people/scim/v2/Users ');
  const usual = greeting({
    scimUrl: apiUrl('scim', { mounts: [{ name: 'callbox', prefix: '/calls' }] }, publicUrl),
    pid: 1,
  });
  expect(usual).toContain('SCIM base URL: https://muster.example.org/scim/v2\n');
});
