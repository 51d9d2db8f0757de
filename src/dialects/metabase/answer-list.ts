import type { Person } from '#domain/person.ts';
import type { JsonValue } from '#http/parse-json.ts';
import type { PeopleList } from '#operations/list-people.ts';
import type { DialectContext } from '../dialect.ts';
import type { Shape } from '../representation.ts';
import { integerShape, listOf, objectOf } from '../shapes.ts';
import { streamList } from '../stream-list.ts';
import { answerText } from './answer.ts';
import type { Paging } from './paging.ts';

/** The answer of a list of people: 3.6.1. A long one is sent while it is read. */
export function answerList(
  context: DialectContext,
  { total, chunks }: PeopleList,
  write: (person: Person) => JsonValue,
  { limit, offset }: Paging,
): Promise<Response> {
  const after = `],"total":${total},"limit":${limit ?? null},"offset":${offset ?? null}}`;
  return answerText(context, streamList(chunks, write, { before: '{"data":[', after }));
}

/** The shape of a list of such rows. */
export function listShape(rows: Shape): Shape {
  const maybeInteger: Shape = { type: ['integer', 'null'] };
  return objectOf({ data: listOf(rows), total: integerShape, limit: maybeInteger, offset: maybeInteger });
}
