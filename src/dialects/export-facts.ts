import type { Representation } from './representation.ts';

/** What is to be read of the lists in which an API shows its people and groups, to bring their ids along. */
export interface ExportFacts {
  /** The request that gives the list, for the docs and for messages. */
  readonly request: string;
  /** A person in the list: rows with `read` are what comes along. `id` and `email` are read beside them. */
  readonly person: Representation;
  /** The field that says when somebody last signed in. */
  readonly lastLogin: string;
  /** Ids that the API gives to accounts of its own. */
  readonly builtInPeople: readonly string[];
  /** Absent where the API knows no groups. */
  readonly groups?: {
    readonly request: string;
    /** Ids of groups that are not stored. */
    readonly builtIn: readonly string[];
    /** The field of a person that has the ids of his groups. */
    readonly ofPerson: string;
  };
}
