import { expect } from 'chai';
import fc from 'fast-check';
import { memberText } from '../../../peer/json-member.js';

describe('memberText', () => {
  it('gives the text whose value JSON.parse gives, whatever stands around it', () => {
    const spaced = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        fc.string(),
        spaced,
        (others, value, name, space) => {
          const text = JSON.stringify({ ...others, inner: { [name]: value, ...others } }, null, space);
          const parsed = JSON.parse(text) as { inner: Record<string, unknown> };
          const found = memberText(text, 'inner', name);
          expect(found === undefined ? undefined : JSON.parse(found)).to.deep.equal(parsed.inner[name]);
        },
      ),
    );
  });

  it('keeps numbers, spaces and escapes as they are written', () => {
    const raw = '{ "n": 12345678901234567890, "f":1.0, "s":"\\u00e4\\\\" }';
    expect(
      memberText(`{"message": {"a": "}{\\"", "messageBody" : ${raw} , "z": 1}}`, 'message', 'messageBody'),
    ).to.equal(raw);
  });

  it('takes the last of a repeated name, as JSON.parse does, and decodes names', () => {
    expect(memberText('{"a": 1, "\\u0061": 2}', 'a')).to.equal('2');
  });

  it('has nothing where there is nothing', () => {
    for (const text of ['{}', '[]', '"a"', '1', '{"b": 1}', ' { } ']) expect(memberText(text, 'a')).to.equal(undefined);
  });

  it('is not stopped by deep nesting, as JSON.parse is not', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(memberText(`{"message": {"before": ${deep}, "messageBody": ${deep}}}`, 'message', 'messageBody')).to.equal(
      deep,
    );
  });
});
