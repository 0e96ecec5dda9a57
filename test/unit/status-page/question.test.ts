import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_FILTER_CHARS, readQuestion } from '../../../proxy/page/question.js';

describe('a question of the page', () => {
  it('that says nothing asks for everything', () => {
    const texts = { service: '', have: '', filter: '', calls: '', troubles: '', meetup: '' };
    const choices = { state: 'any', failure: 'any', kind: 'any' };
    const ok = { ...texts, ...choices, points: 0, offset: 0, from: 0, to: 0 };
    expect(readQuestion('/page/state')).to.deep.equal({ ok });
  });

  it('is read whole', () => {
    const read = readQuestion(
      '/page/state?service=s&points=2&filter=%C3%84b&state=paired&offset=25&calls=%2FX&failure=errors&kind=ended&from=7&to=9&meetup=Sub/1',
    );
    expect(read).to.have.property('ok').that.includes({ service: 's', points: 2, calls: '/x', failure: 'errors' });
    expect(read).to.have.property('ok').that.includes({ kind: 'ended', from: 7, to: 9, meetup: 'Sub/1' });
    expect(read).to.have.property('ok').that.includes({ filter: 'äb', state: 'paired', offset: 25 });
  });

  for (const [query, fault] of [
    ['points=-1', 'points must be a whole number'],
    ['offset=1e9', 'offset must be a whole number'],
    ['state=all', 'state must be one of any, waiting, paired'],
    [`filter=${'x'.repeat(MAX_FILTER_CHARS + 1)}`, 'filter has more than 200 characters'],
    ['failure=404', 'failure must be one of any, errors, not_answered, answered_5xx, answered_4xx'],
    [`meetup=${'x'.repeat(1_025)}`, 'meetup has more than 1024 characters'],
    [`have=${'1'.repeat(41)}`, 'have has more than 40 characters'],
    ['limit=3', 'there is no parameter "limit"'],
  ]) {
    it(`is refused: ${query?.slice(0, 20)}`, () => {
      expect(readQuestion(`/page/state?${query}`)).to.deep.equal({ fault });
    });
  }

  it('never throws, whatever the query', () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        expect(readQuestion(`/page/state?${query}`)).to.satisfy((one: object) => 'ok' in one || 'fault' in one);
      }),
    );
  });
});
