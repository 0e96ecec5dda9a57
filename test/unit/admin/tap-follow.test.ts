import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { Connection } from '../../../admin/connection.js';
import { AdminFailure, EXIT } from '../../../admin/exit-codes.js';
import { followMeetup } from '../../../admin/tap-follow-run.js';
import { TapPrinter } from '../../../admin/tap-text.js';
import type { Session__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import { settled } from '../../support/fake-network.js';
import { listedSession } from '../../support/listed-session.js';

/** A stream of the control API that goes on until it is cancelled; what was on its way still comes. */
class FakeStream {
  each: (message: object) => void = () => {};
  isCancelled = false;
  readonly #ends: (() => void)[] = [];

  cancel(): void {
    this.isCancelled = true;
  }

  /** The failure of a cancelled stream is told. */
  end(): void {
    for (const end of this.#ends) end();
  }

  ending(each: (message: object) => void): Promise<object> {
    this.each = each;
    return new Promise((resolve) => this.#ends.push(() => resolve({ code: Code.CANCELLED })));
  }
}

/** `tap --follow` of a word where nobody is. */
class Following {
  readonly watch = new FakeStream();
  readonly taps: FakeStream[] = [];
  readonly texts: string[] = [];
  readonly printer = new TapPrinter(
    { out: (text: string) => this.texts.push(text), note: (text: string) => this.texts.push(text) } as never,
    'table',
    0,
  );
  readonly over: Promise<unknown>;

  constructor(word: string) {
    const nothing = { sessions: [], total_size: 0, unreachable_replicas: [], next_page_token: '' };
    const missing = new AdminFailure(`no live session ${word}`, EXIT.notFound);
    const client = {
      listSessions: () => nothing,
      getSession: () => missing,
      watchSessions: () => this.watch,
      tapSession: () => this.#tapped(),
    };
    const connection = {
      client,
      timeout: 1_000,
      ask: async (call: () => unknown) => {
        const answer = call();
        if (answer instanceof Error) throw answer;
        return answer;
      },
      ending: (stream: FakeStream, each: (message: object) => void) => stream.ending(each),
      failure: () => missing,
    };
    this.over = followMeetup(connection as unknown as Connection, word, {} as never, this.printer).catch(
      (error: unknown) => error,
    );
  }

  tell(type: string, session: Session__Output | null): void {
    this.watch.each({ type: `SESSION_EVENT_TYPE_${type}`, session, replica: '', resume_token: '' });
  }

  #tapped(): FakeStream {
    const stream = new FakeStream();
    this.taps.push(stream);
    return stream;
  }
}

describe('tap --follow', () => {
  for (const word of ['12345678', 'abc-def', 'dead/beef', '00000000-0000-4000-8000']) {
    it(`${word} is a meetup where nobody is yet`, async () => {
      const following = new Following(word);
      await settled();
      following.tell('SNAPSHOT_DONE', null);
      expect(following.texts.join('')).to.contain(`nobody is at ${word}: waiting for a session`);
      following.printer.onEnough();
      following.watch.end();
      expect(await following.over).to.equal(undefined);
    });
  }

  for (const word of ['sessions/1a2b', '00000000-0000-4000-8000-000000000000']) {
    it(`${word} is a session and nothing else`, async () => {
      expect(await new Following(word).over).to.include({ exitCode: EXIT.notFound });
    });
  }

  it('taps nobody once enough was seen, though sessions are still told', async () => {
    const following = new Following('sub/1');
    await settled();
    following.tell('ADDED', listedSession({ name: 'sessions/1', meetup_id: 'sub/1' }));
    expect(following.taps).to.have.length(1);
    following.printer.onEnough();
    following.tell('ADDED', listedSession({ name: 'sessions/2', meetup_id: 'sub/1' }));
    expect(following.taps.map(({ isCancelled }) => isCancelled)).to.deep.equal([true]);
    following.watch.end();
    expect(await following.over).to.equal(undefined);
  });
});
