import * as v from 'valibot';

/** The body of every error: RFC 9457 section 3. */
export const problem = v.strictObject({
  type: v.pipe(v.string(), v.description('`urn:muster:fault:` and the kind of fault, as in the reference of faults.')),
  title: v.pipe(v.string(), v.description('The same for every fault of this kind.')),
  status: v.pipe(v.number(), v.integer()),
  detail: v.pipe(v.string(), v.description('What is wrong this time, and what to do.')),
  instance: v.pipe(v.string(), v.description('The id of the request, as in the log.')),
  errors: v.exactOptional(
    v.pipe(
      v.array(v.strictObject({ name: v.string(), detail: v.string() })),
      v.description('Each part of the request that is wrong, such as `rights.0`.'),
    ),
  ),
});
