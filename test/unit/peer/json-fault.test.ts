import { expect } from 'chai';
import fc from 'fast-check';
import { jsonFault, MAX_JSON_DEPTH } from '../../../peer/json-fault.js';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with a few characters changed, which is mostly broken, in many ways. */
const spoiled = fc
  .tuple(
    fc.json(),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[],:"\\ \n\t0123-+.eEtrufalsn\u0000é')), { maxLength: 3 }),
  )
  .map(([text, changes]) => changes.reduce((now, [at, by]) => put(now, at % (now.length + 1), by), text));

function put(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + 1);
}

describe('jsonFault', () => {
  it('finds a fault exactly where the engine does', () => {
    fc.assert(
      fc.property(fc.oneof(spoiled, fc.string(), fc.json()), (text) => {
        expect(jsonFault(text) === undefined).to.equal(parses(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('names a place inside the text, after which nothing can mend it', () => {
    fc.assert(
      fc.property(spoiled, (text) => {
        const fault = jsonFault(text);
        if (fault === undefined) return;
        const lines = text.split(/\r\n|\r|\n/);
        expect(fault.line).to.be.within(1, lines.length);
        expect(fault.column).to.be.within(1, (lines[fault.line - 1]?.length ?? 0) + 2);
      }),
    );
  });

  for (const [text, line, column, problem] of [
    ['', 1, 1, 'the text ends where a value should be'],
    ['{"a": 1,\n "b": }', 2, 7, '"}" where a value should be'],
    ['{a: 1}', 1, 2, '"a" where a name in double quotes should be'],
    ['[1, 2', 1, 6, 'the text ends where "," or "]" should be'],
    ['{"a" 1}', 1, 6, '"1" where ":" should be'],
    ['"\\x"', 1, 2, 'no such escape'],
    ['"a\nb"', 1, 3, 'a control character inside a string must be escaped'],
    ['"a', 1, 3, 'the text ends inside a string'],
    ['1 2', 1, 3, '"2" where the end should be'],
    ['01', 1, 2, '"1" where the end should be'],
    ['\ufeff1', 1, 1, 'U+FEFF where a value should be'],
  ] as const) {
    it(`says of ${JSON.stringify(text)}: line ${line}, column ${column}`, () => {
      expect(jsonFault(text)).to.deep.equal({ line, column, problem });
    });
  }

  it('bounds the nesting', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(jsonFault(nested(MAX_JSON_DEPTH))).to.equal(undefined);
    expect(jsonFault(nested(100_000))?.problem).to.contain('nested deeper');
  });
});
