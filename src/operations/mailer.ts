/** A mail to one person. It may hold a secret, so nothing of it is logged but whose it is. */
export interface Mail {
  /** The id of the user who gets it. */
  readonly person: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mails beside the requests. */
export interface Mailer {
  /**
   * Takes a mail to be written and sent after the answer, so that an answer tells neither by its words nor by its time
   * whether anybody got one. `write` gives undefined when there is nobody to write to.
   */
  readonly post: (write: () => Promise<Mail | undefined>) => void;
}
