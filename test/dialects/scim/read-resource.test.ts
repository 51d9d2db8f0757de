import { expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { profiles } from '#dialects/scim/profiles.ts';
import { readCreation } from '#dialects/scim/read-resource.ts';
import { core } from './urns.ts';

const body = { schemas: [core], userName: 'ada', supervisor: true };

test.each([
  ['lenient', [], ['userName', 'muster.supervisor']],
  ['strict', ['supervisor'], ['userName']],
] as const)(
  'the bare name of an extension attribute is read as the point for names says: %s',
  (filters, left, paths) => {
    const values = filters === 'lenient' ? 'strict' : 'lenient';
    const skipped: string[] = [];
    const { changes } = readCreation(userType, body, {
      profile: { ...profiles.rfc, filters, values },
      skipped,
      changed: [],
    });
    expect([changes.map(({ path }) => path), skipped]).toEqual([paths, left]);
  },
);
