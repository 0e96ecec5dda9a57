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

/** What the server finds wrong with one field of a request. */
export interface FieldFault {
  /** The flag of the command that gives the field, else the field's own name. */
  readonly field: string;
  readonly description: string;
}

/** A failure of a control command: lines for people, and how the command ends. */
export class AdminFailure extends Error {
  readonly exitCode: ExitCode;
  /** The fields that the message is about; none where it is about none. */
  readonly fields: readonly FieldFault[];

  constructor(message: string, exitCode: ExitCode, fields: readonly FieldFault[] = []) {
    super(message);
    this.name = 'AdminFailure';
    this.exitCode = exitCode;
    this.fields = fields;
  }
}
