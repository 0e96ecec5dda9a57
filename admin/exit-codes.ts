/** The exit codes of the control commands; scripts rely on them. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** It failed: the server said no for another reason than those below. */
  failed: 1,
  /** The command or one of its values was not understood, here or by the server. */
  usage: 2,
  /** The certificate lacks the right, or the edge or the server does not accept it. */
  denied: 3,
  /** There is no such session, peer, block or replica. */
  notFound: 4,
  /** Nobody answered, or not in time. */
  unavailable: 5,
  /** Done, but not on every replica or not with the answer of every replica: those that did not answer are named on standard error. */
  partial: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure of a control command: lines for people, and how the command ends. */
export class AdminFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.name = 'AdminFailure';
    this.exitCode = exitCode;
  }
}
