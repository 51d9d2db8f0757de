/** One point on which identity providers differ, with the values it can have. */
interface Point {
  readonly about: string;
  readonly values: readonly string[];
}

/** The points on which profiles differ, each with the question of the specification that it answers. */
export const profilePoints = {
  userPatchAnswer: { about: 'What a PATCH of a user answers: the resource or 204.', values: ['resource', 'nothing'] },
  groupPatchAnswer: { about: 'What a PATCH of a group answers: the resource or 204.', values: ['resource', 'nothing'] },
  pathWithoutMatch: {
    about: 'A value path of a replace that picks nothing; an add creates it.',
    values: ['create', 'refuse'],
  },
  unknownAttribute: { about: 'An attribute that no schema has, in a PATCH.', values: ['skip', 'refuse'] },
  unknownReference: { about: 'A member or a reference to nobody.', values: ['skip', 'refuse'] },
  groupNames: { about: 'Whether two groups may have one displayName.', values: ['unique', 'free'] },
  emptyOperations: { about: 'A PATCH without operations.', values: ['accept', 'refuse'] },
  schemasMember: { about: 'A body without `schemas`, or with others.', values: ['lenient', 'strict'] },
  complexReplace: { about: 'A replace of a complex attribute such as name.', values: ['merge', 'whole'] },
  putWithoutActive: { about: 'What PUT makes of a missing `active`.', values: ['keep', 'true'] },
  readOnlyInPatch: { about: 'A PATCH without path that names what is read-only.', values: ['skip', 'refuse'] },
  values: {
    about: 'Numbers for text, "True" for flags, one-element lists and bare ids of references.',
    values: ['lenient', 'strict'],
  },
  filters: {
    about: 'Unquoted and single-quoted values and bare names of extension attributes.',
    values: ['lenient', 'strict'],
  },
  createOfDeactivated: {
    about: 'A create for a deactivated person with the same externalId.',
    values: ['reactivate', 'refuse'],
  },
} as const satisfies Record<string, Point>;

/** How one kind of client is answered: one value for each point. */
export type Profile = { readonly [P in keyof typeof profilePoints]: (typeof profilePoints)[P]['values'][number] };

/** Accepts every form that any known client sends as long as its meaning is clear. */
const lenient: Profile = {
  userPatchAnswer: 'resource',
  groupPatchAnswer: 'nothing',
  pathWithoutMatch: 'create',
  unknownAttribute: 'skip',
  unknownReference: 'skip',
  groupNames: 'unique',
  emptyOperations: 'accept',
  schemasMember: 'lenient',
  complexReplace: 'merge',
  putWithoutActive: 'keep',
  readOnlyInPatch: 'skip',
  values: 'lenient',
  filters: 'lenient',
  createOfDeactivated: 'reactivate',
};

/** Every profile there is. No other code asks who the client is. */
export const profiles = {
  lenient,
  rfc: {
    userPatchAnswer: 'resource',
    groupPatchAnswer: 'resource',
    pathWithoutMatch: 'refuse',
    unknownAttribute: 'refuse',
    unknownReference: 'refuse',
    groupNames: 'free',
    emptyOperations: 'refuse',
    schemasMember: 'strict',
    complexReplace: 'merge',
    putWithoutActive: 'true',
    readOnlyInPatch: 'refuse',
    values: 'strict',
    filters: 'strict',
    createOfDeactivated: 'refuse',
  },
  okta: lenient,
  entra: lenient,
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

/** The profile that a connection has when nobody chose one. */
export const defaultProfile: ProfileName = 'lenient';

/** The profile of a connection. A name that this version does not know is answered as the default. */
export function profileOf(name: string): Profile {
  return Object.hasOwn(profiles, name) ? profiles[name as ProfileName] : profiles[defaultProfile];
}
