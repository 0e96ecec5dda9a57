import { parseFilter } from '../proxy/control/filter/filter-parser.js';
import { AdminFailure, EXIT } from './exit-codes.js';

/** A condition of a list, in the server's filter language. */
export interface Condition {
  /** The flag that asks for it. */
  readonly flag: string;
  /** That of `--filter` is the text as it was typed, in brackets. */
  readonly text: string;
}

const JOINT = ' AND ';
/** The bracket before the text of `--filter`. */
const LEAD = 1;
const POSITION = /^character (\d+): /;

/** The filter that a list's flags make together; a fault that the server finds in it is told by the flag and where it stands in its text. */
export class SessionFilter {
  readonly text: string;
  readonly #conditions: readonly Condition[];

  /**
   * Throws AdminFailure where `typed`, the text of `--filter`, is no filter: the brackets around it would hide where, and it could end them.
   */
  constructor(conditions: readonly Condition[], typed = '') {
    const parsed = parseFilter(typed);
    if ('fault' in parsed) throw new AdminFailure(`--filter: ${parsed.fault}`, EXIT.usage);
    this.#conditions = conditions;
    this.text = conditions.map(({ text }) => text).join(JOINT);
  }

  /** Says a failure that the server lays on the filter in terms of the flags; passes any other on as it is. */
  told(failure: unknown): unknown {
    if (!(failure instanceof AdminFailure) || failure.fields.length === 0) return failure;
    const lines = failure.fields.map(({ field, description }) =>
      field === 'filter' ? this.#placed(description) : `${field}: ${description}`,
    );
    return new AdminFailure(lines.join('\n'), failure.exitCode);
  }

  #placed(fault: string): string {
    const [found, digits] = POSITION.exec(fault) ?? [];
    let at = Number(digits) - 1;
    for (const { flag, text } of found === undefined ? [] : this.#conditions) {
      if (at < text.length) {
        const where = flag === '--filter' ? `character ${at - LEAD + 1}: ` : '';
        return `${flag}: ${where}${fault.slice(found?.length)}`;
      }
      at -= text.length + JOINT.length;
    }
    return `${this.#conditions.map(({ flag }) => flag).join(' and ')}: ${fault}`;
  }
}
