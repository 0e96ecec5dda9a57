import { expect } from 'chai';
import { setbackOfDial, setbackOfEnd } from '../../../peer/setback.js';
import { DialError } from '../../../proxy/transport/dial/dial-error.js';
import { type EndingLabel, ending, endings } from '../../../proxy/wire/close.js';

describe('what the end of a connection means', () => {
  for (const label of Object.keys(endings) as (keyof typeof endings)[]) {
    if (!('code' in endings[label])) continue;
    const { code, text } = ending(label as EndingLabel, '10 seconds');
    it(`close ${code} "${text}" is ${label}`, () => {
      const setback = setbackOfEnd('closed_by_peer', code, text);
      expect(setback.reason).to.equal(label);
      expect(setback.retry).to.equal(label === 'message_too_big' ? 'now' : endings[label].retry);
    });
  }

  it('a code of our own names its row by itself', () => {
    expect(setbackOfEnd('closed_by_peer', 4403, '')).to.deep.equal({
      reason: 'policy_denied',
      message: 'the policy does not allow this',
      retry: 'never',
    });
  });

  it('1002 with the words of another proxy is no protocol error', () => {
    expect(setbackOfEnd('closed_by_peer', 1002, 'bye')).to.deep.equal({
      reason: 'close_1002',
      message: 'bye',
      retry: 'later',
    });
  });

  it('a draining proxy names the time', () => {
    const { code, text } = ending('draining', 'retry in 17 s');
    expect(setbackOfEnd('closed_by_peer', code, text)).to.include({ reason: 'draining', retryAfter: 17 });
  });

  it('[MEET-9, CLOSE-10] a meetup that moves to another replica is there again at once, and what waits for it may wait', () => {
    for (const label of ['unplaced', 'deposed'] as const) {
      const { code, text } = ending(label);
      const heard = setbackOfEnd('closed_by_peer', code, text);
      expect(heard).to.include({ reason: label, retry: 'now', restarts: true });
      expect(heard.taken).to.equal(undefined);
    }
  });

  it('1012 in words of another proxy is a restart', () => {
    expect(setbackOfEnd('closed_by_peer', 1012, 'Service Restart').reason).to.equal('draining');
  });

  it('what this side saw counts where no frame came', () => {
    expect(setbackOfEnd('connection_lost', 1006, '')).to.include({ reason: 'connection_lost', retry: 'now' });
  });
});

describe('what a failed dial means', () => {
  it('keeps reason, retry and time of a refusal', () => {
    const failure = { t: 'refused', status: 409, reason: 'meetup_full', retry: 'later', retryAfter: 20 } as const;
    expect(setbackOfDial(new DialError('full', failure))).to.deep.equal({
      reason: 'meetup_full',
      message: 'full',
      retry: 'later',
      retryAfter: 20,
    });
  });

  it('names the kind of any other failure, and takes what is thrown before it', () => {
    const refused = new DialError('no', { t: 'unreachable', code: 'ECONNREFUSED', retry: 'now' });
    expect(setbackOfDial(refused)).to.deep.equal({ reason: 'unreachable', message: 'no', retry: 'now' });
    expect(setbackOfDial(new Error('no file'))).to.deep.equal({
      reason: 'not_dialled',
      message: 'no file',
      retry: 'later',
    });
  });
});
