import { expect } from 'chai';
import fc from 'fast-check';
import { escapedJson, jsonText } from '../../../proxy/wire/json-text.js';

/** Characters that no terminal may get; line ends and tabs lay the text out and are allowed. */
const STEERING = /[^\P{Cc}\n\r\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('JSON text', () => {
  it('writes what steers a terminal as escapes', () => {
    expect(jsonText('\u009b2J\u202eü\u007f\u2028\u{e0001}😀')).to.equal(
      '"\\u009b2J\\u202eü\\u007f\\u2028\\udb40\\udc01😀"',
    );
    expect(jsonText({ a: ['\u200b'] }, 2)).to.equal('{\n  "a": [\n    "\\u200b"\n  ]\n}');
    expect(escapedJson('{"a":\t"\u009b"}\r\n')).to.equal('{"a":\t"\\u009b"}\r\n');
  });

  it('property: means the same, and steers nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, indent) => {
        const text = jsonText(value, indent);
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
        expect(text).not.to.match(STEERING);
        expect(JSON.parse(escapedJson(JSON.stringify(value)))).to.deep.equal(JSON.parse(text));
      }),
    );
  });
});
