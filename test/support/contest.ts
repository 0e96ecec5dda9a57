import type { Admission } from '../../proxy/session/life/admission.js';
import type { Core } from './core.js';
import { admission } from './fixtures.js';

type Answer = Awaited<ReturnType<Core['registry']['contest']>>;

/** A contest, and its answer once it is decided. */
export class Contest {
  answer: Answer | 'open' = 'open';

  constructor(core: Core, given: Partial<Admission> = {}) {
    void core.registry.contest(admission(given)).then((answer) => {
      this.answer = answer;
    });
  }

  /** The answer, after every event so far has had its effect; `open` when there is none. */
  async settled(): Promise<Answer | 'open'> {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    return this.answer;
  }
}
