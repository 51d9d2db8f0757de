/** Groups that some APIs know and nobody keeps: everybody who is on the roll, and the superusers among them. */
export const builtInGroups = ['everybody', 'superusers'] as const;

export type BuiltInGroup = (typeof builtInGroups)[number];

/** A group as the clients of an API name it: one that is built in, or a stored one by the key that they know. */
export type GroupChoice = BuiltInGroup | { readonly key: string };

/** A group as it is shown. */
export type ShownGroup =
  | BuiltInGroup
  | {
      readonly id: string;
      readonly key: string;
      readonly name: string;
    };
