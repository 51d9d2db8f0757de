/** Every text that Metabase's API says, as its clients know it. A text in braces stands for a value. */
export const words = {
  unauthenticated: 'Unauthenticated',
  forbidden: "You don't have permissions to do that.",
  notFound: 'Not found.',
  noRoute: 'API endpoint does not exist.',
  invalidRequest: 'Invalid Request.',
  malformedJson: 'Malformed JSON in request body.',
  conflict: 'Somebody else has changed this in the meantime. Try again.',
  tooLarge: 'The request is too large.',
  tooManyRequests: 'Too many requests. Try again later.',
  held: 'Too many people would be removed at once. An administrator has to allow it.',
  unavailable: 'The service is not available. Try again later.',
  unexpected: 'Something went wrong. The log of the server knows more under the request id {id}.',
  mustBeEmail: 'value must be a valid email address.',
  mustBeNonBlank: 'value must be a non-blank string.',
  mustBePositive: 'value must be an integer greater than zero.',
  mustBeBooleanText: "value must be a valid boolean string ('true' or 'false').",
  mustBeBoolean: 'boolean',
  mustBeLocale: "String must be a valid two-letter ISO language or language-country code e.g. 'en' or 'en_US'.",
  mustBeAttributes: 'login attribute keys must be a keyword or string',
  mustBeMemberships:
    'sequence of map where {:id -> <value must be an integer greater than zero.>, :is_group_manager (optional) -> <boolean>}',
  passwordTooCommon: 'password is too common.',
  passwordWrong: 'Invalid password',
  emailInUse: 'Email address already in use.',
  emailOfAnother: 'Email address already associated to another user.',
  firstNameOfSso: 'Editing first name is not allowed for SSO users.',
  lastNameOfSso: 'Editing last name is not allowed for SSO users.',
  superuserUnlikeGroups: 'Value of is_superuser must correspond to presence of Admin group ID in group_ids.',
  reactivateActive: 'Not able to reactivate an active user',
  unknownModal: 'Unrecognized modal: {modal}',
  allUsersGroup: "You cannot add or remove users to/from the 'All Users' group.",
  lastAdmin: "You cannot remove the last member of the 'Admin' group!",
  membershipsForbidden: 'Not allowed to edit group memberships',
  enterpriseOnly:
    'The group manager permissions functionality is only enabled if you have a premium token with the advanced-permissions feature.',
} as const satisfies Readonly<Record<string, string>>;

export type Word = keyof typeof words;

/** A text with its values in place. */
export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return words[word].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
