import { describe, expect, test } from 'vitest';
import { buildWriteMalformed } from '#app.ts';
import { readConfig } from '#config.ts';
import { type Api, type Mount, placeApis, urlOfMount } from '#dialects/mount.ts';
import { buildFindMount } from '#dialects/mount-finder.ts';
import { assertNoOverlap } from '#dialects/mount-overlap.ts';
import { scim } from '#dialects/scim/scim.ts';
import { makeEcho } from '#test/support/echo-dialect.ts';
import { callbox, dialects, idealist, metabase, wishes } from './echoes.ts';

/** Who answers at a path, as `name prefix tenant`, when the APIs are placed by this text. */
function answererAt(text: string, target: string, host?: string): string {
  const found = buildFindMount(placeApis<Api>(dialects, text === '' ? [] : wishes(text)))(host, target);
  if (found === undefined) return 'nobody';
  const { api, prefix, tenant } = found.mount;
  const place = [api.name, prefix, tenant].filter(Boolean).join(' ');
  return found.rival === undefined ? place : `${place} or ${found.rival.mount.api.name}`;
}

describe('who answers at a path', () => {
  test.each([
    ['', '/scim/v2/Users', 'scim'],
    ['', '/scim/Users', 'scim'],
    ['', '//scim//v2/Users/', 'scim'],
    ['', '/scimitar', 'nobody'],
    ['', '/', 'nobody'],
    ['', '/api/v1/staff', 'callbox'],
    ['', '/api/v1/staff/nothing', 'callbox'],
    ['', '/api/v1/staff/users/', 'callbox'],
    ['', '/api/v1/staffing', 'metabase'],
    ['', '/api//v1/staff/users', 'metabase'],
    ['', '/api/nothing', 'metabase'],
    ['', '/api', 'metabase'],
    ['', '/api/health', 'metabase'],
    ['', '/api/user', 'metabase or idealist'],
    ['', '//api//user//', 'metabase or idealist'],
    ['', '/api/session/properties', 'metabase or idealist'],
    ['metabase@bi.example.com', '/api/health', 'idealist', 'elsewhere.example.com'],
    ['metabase@bi.example.com,idealist/pos', '/api/health', 'nobody', 'elsewhere.example.com'],
    ['metabase@bi.example.com', '/api/nothing', 'metabase', 'bi.example.com'],
    ['metabase/bi,idealist/pos', '/api/nothing', 'nobody'],
    ['metabase/bi,idealist/pos', '/bi/api/user', 'metabase /bi'],
    ['metabase/bi,idealist/pos', '/pos/api/user', 'idealist /pos'],
    ['metabase/both,idealist/both', '/both/api/user', 'metabase /both or idealist'],
    ['callbox/calls', '/api/v1/staff/users', 'metabase'],
    ['callbox/calls', '/calls/api/v1/staff/users', 'callbox /calls'],
    ['callbox/calls', '/calls', 'nobody'],
    ['metabase,metabase@bi.acme.com=acme', '/api/health', 'metabase', 'bi.example.com'],
    ['metabase,metabase@bi.acme.com=acme', '/api/health', 'metabase acme', 'bi.acme.com'],
    ['metabase/acme=acme,metabase/globex=globex', '/globex/api/health', 'metabase /globex globex'],
  ])('MOUNTS=%s: at %s it is %s', (text, target, expected, host?: string) => {
    expect(answererAt(text, target, host)).toBe(expected);
  });

  test('an API at a host of its own comes before those that answer at every host, and these answer beside it', () => {
    const text = 'metabase@bi.example.com';
    expect(answererAt(text, '/api/user', 'bi.example.com')).toBe('metabase');
    expect(answererAt(text, '/api/user', 'pos.example.com')).toBe('idealist');
    expect(answererAt(text, '/api/v1/staff/users', 'bi.example.com')).toBe('callbox');
    expect(answererAt(text, '/scim/v2/Users', 'bi.example.com')).toBe('scim');
  });
});

describe('MOUNTS', () => {
  test.each([
    ['metabase', { name: 'metabase' }],
    ['Metabase@BI.Example.com', { name: 'metabase', host: 'bi.example.com' }],
    ['metabase/old/bi/', { name: 'metabase', prefix: '/old/bi' }],
    ['metabase=acme & sons', { name: 'metabase', tenant: 'acme & sons' }],
    ['metabase@127.0.0.1/x=a', { name: 'metabase', host: '127.0.0.1', prefix: '/x', tenant: 'a' }],
  ])('%s is read', (text, wish) => {
    expect(wishes(text)).toEqual([wish]);
  });

  test.each([
    ['metabase,', 'an empty place'],
    ['@bi.example.com', 'no name'],
    ['metabase@', 'no host'],
    ['metabase@bi.example.com:443', 'a port'],
    ['metabase@-bi', 'no name of a host'],
    ['metabase@[::1]', 'an address of IPv6'],
    ['metabase//bi', 'an empty segment'],
    ['metabase/../bi', 'a way up'],
    ['metabase/.', 'a dot'],
    ['metabase/@0', 'a sign'],
    ['metabase/b%69', 'an escape'],
    ['metabase/bi?x', 'a query'],
    ['metabase=', 'no tenant'],
    ['https://bi.example.com', 'a URL'],
  ])('%s is refused for %s, with what would be right and without the value', (text) => {
    const right = 'places such as metabase@bi.example.com,callbox/calls,metabase@bi.acme.com/old=acme';
    const start = `The settings cannot be used; correct these and start again:\n  MOUNTS: should be ${right}; number `;
    const whole = (error: Error) => {
      expect(error.message.slice(0, start.length)).toBe(start);
      const reason = /^\d in it (is empty|names no tenant after =|has (a port|a scheme|another form)[^@?%]*)$/;
      return reason.test(error.message.slice(start.length));
    };
    expect(() => readConfig({ MOUNTS: text })).toThrow(expect.toSatisfy(whole));
  });

  test.each([
    ['metabase@bi.example.com:8080', 1, 'has a port; a host stands here without one'],
    ['callbox/calls,https://bi.example.com', 2, 'has a scheme such as https://; begin with the name of the API'],
    ['callbox/calls,,metabase', 2, 'is empty'],
    ['metabase=', 1, 'names no tenant after ='],
    ['metabase@-bi', 1, 'has another form'],
  ])('%s is refused with the place and the reason', (text, number, why) => {
    expect(() => readConfig({ MOUNTS: text })).toThrow(`; number ${number} in it ${why}`);
  });

  test('that names no API is refused with the names that there are', () => {
    expect(() => buildWriteMalformed({ dialects, mounts: wishes('scim,secrets@vault.example.com') })).toThrow(
      /^MOUNTS: number 2 in it names no API that there is; name one of scim, callbox, metabase, idealist$/,
    );
  });
});

describe('two APIs at one path', () => {
  const other = makeEcho({ name: 'other', prefixes: ['/api/user'], slashes: 'merge' });
  const inside = makeEcho({ name: 'inside', prefixes: ['/api/v1/staff/users'], slashes: 'merge' });

  test.each([
    ['one owns what the other owns', [metabase, other], '', 'metabase and other'],
    ['one owns a part of what the other owns', [callbox, inside], '', 'callbox and inside'],
    ['in the other order too', [inside, callbox], '', 'inside and callbox'],
    ['one is twice at one place', [metabase], 'metabase,metabase=acme', 'two of metabase'],
    ['one is inside itself', [metabase], 'metabase,metabase/api/user', 'two of metabase'],
    ['they are at one host', [metabase, other], 'metabase@a.example,other@a.example', 'metabase and other'],
    ['a prefix brings them together', [scim, callbox], 'callbox/scim', 'scim and callbox'],
    ['the rule of the pair is for one prefix', [metabase, idealist], 'metabase/api/user', 'metabase and idealist'],
    ['it is ours', [scim, metabase], 'metabase/admin/v1', 'metabase and admin'],
  ])('keep the server from starting when %s', (_when, placed, text, names) => {
    const mounts = text === '' ? [] : wishes(text);
    const sentence = `MOUNTS: ${names} would answer at the same paths; give one of them a host or a prefix of its own`;
    expect(() => buildWriteMalformed({ dialects: placed, mounts })).toThrow(new Error(sentence));
  });

  test.each([
    ['one only says below the other that there is nothing', [callbox, metabase], ''],
    ['there is a rule which of them answers', [metabase, idealist], ''],
    ['the rule holds at another place too', [metabase, idealist], 'metabase@a.example/x,idealist@a.example/x'],
    ['they are at two hosts', [metabase, other], 'metabase@a.example,other@b.example'],
    ['one of them has a host of its own', [metabase, other], 'metabase@a.example'],
    ['they have two prefixes', [metabase, other], 'metabase/a,other/b'],
  ])('are fine when %s', (_when, placed, text) => {
    expect(() => assertNoOverlap(placeApis<Api>(placed, text === '' ? [] : wishes(text)))).not.toThrow();
  });

  test('is what the program itself does not have', () => {
    expect(() => buildWriteMalformed({})).not.toThrow();
  });
});

test.each([
  [{}, 'https://id.example.com/roll', 'https://id.example.com/roll'],
  [{ prefix: '/bi' }, 'https://id.example.com/roll', 'https://id.example.com/roll/bi'],
  [{ host: 'bi.example.com' }, 'http://localhost:8080', 'http://bi.example.com:8080'],
  [{ host: 'bi.example.com', prefix: '/x' }, 'https://id.example.com/roll', 'https://bi.example.com/roll/x'],
] as const)('the URL of a mount %j of %s is %s', (place, publicUrl, expected) => {
  const mount: Mount = { api: metabase, prefix: '', ...place };
  expect(urlOfMount(mount, publicUrl)).toBe(expected);
});
