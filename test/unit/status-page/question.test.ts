import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_FILTER_CHARS, readQuestion } from '../../../proxy/page/question.js';

describe('a question of the page', () => {
  it('that says nothing asks for everything', () => {
    const ok = { service: '', invocations: 0, refusals: 0, endings: 0, points: 0, filter: '', state: 'any', offset: 0 };
    expect(readQuestion('/page/state')).to.deep.equal({ ok });
  });

  it('is read whole', () => {
    const read = readQuestion('/page/state?service=s&invocations=7&points=2&filter=%C3%84b&state=paired&offset=25');
    expect(read).to.have.property('ok').that.includes({ service: 's', invocations: 7, points: 2 });
    expect(read).to.have.property('ok').that.includes({ filter: 'äb', state: 'paired', offset: 25 });
  });

  for (const [query, fault] of [
    ['invocations=-1', 'invocations must be a whole number'],
    ['offset=1e9', 'offset must be a whole number'],
    ['state=all', 'state must be one of any, waiting, paired'],
    [`filter=${'x'.repeat(MAX_FILTER_CHARS + 1)}`, 'filter has more than 200 characters'],
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
