import { expect, test } from 'vitest';
import { singleQuery } from '#http/single-query.ts';

const read = (url: string) => singleQuery(url, ['filter', 'count', 'startIndex']);

test.each<[string, object]>([
  ['http://h/Users', {}],
  ['http://h/Users?', {}],
  ['http://h/Users?&&', {}],
  ['/Users?filter=a%20eq%20%22b%26c%22&count=1', { filter: 'a eq "b&c"', count: '1' }],
  ['/Users?filter=a+eq+1', { filter: 'a eq 1' }],
  ['/Users?filter=a=b', { filter: 'a=b' }],
  ['/Users?filter', { filter: '' }],
  ['/Users?filter=&count=', { filter: '', count: '' }],
  ['/Users?f%69lter=x', { filter: 'x' }],
  ['/Users?other=1&other=2&aadOptscim062020', {}],
  ['/Users?Filter=x', {}],
  ['/Users?count=1#count=2', { count: '1' }],
  ['/Users?__proto__=1&toString=2', {}],
])('%s', (url, values) => {
  expect(read(url)).toEqual({ ok: true, values });
});

test.each([
  '/Users?filter=a&filter=b',
  '/Users?filter=a&filter=a',
  '/Users?count=1&x=2&co%75nt=3',
  '/Users?filter=&filter=b',
])('%s has a parameter twice (H-17)', (url) => {
  expect(read(url)).toMatchObject({ ok: false, problem: 'repeated_parameter' });
});

test('a value that is not escaped as UTF-8 is refused', () => {
  expect(read('/Users?filter=%ff')).toMatchObject({ ok: false, problem: 'bad_escape' });
});
