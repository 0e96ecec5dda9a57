import { expect } from 'chai';
import { fromRaw, readHeaders, requestHeaders, responseHeaders, toRaw } from '../../../peer/headers.js';

const names = (raw: readonly string[]): string[] => raw.filter((_, at) => at % 2 === 0);

describe('headers that are carried', () => {
  it('keep order, case and repetition', () => {
    const raw = ['X-B', '1', 'x-a', '2', 'X-b', '3'];
    expect(toRaw(requestHeaders(fromRaw(raw), true))).to.deep.equal(raw);
  });

  it('leave out those of the connection, named by RFC 9110 or by Connection itself', () => {
    const raw = [
      'Connection',
      'Close, X-Mine',
      'x-mine',
      '1',
      'TE',
      'trailers',
      'Upgrade',
      'h2c',
      'Keep-Alive',
      '5',
      'X-Ok',
      '1',
    ];
    expect(names(toRaw(responseHeaders(fromRaw(raw))))).to.deep.equal(['X-Ok']);
  });

  it('leave out those about the body, which the protocol has fields for', () => {
    const raw = ['Content-Length', '1', 'content-type', 'a/b', 'Content-Encoding', 'gzip', 'Content-Language', 'de'];
    expect(names(toRaw(responseHeaders(fromRaw(raw))))).to.deep.equal(['Content-Language']);
  });

  it('leave out what a request says to the bridge alone', () => {
    const raw = ['Host', 'localhost', 'Expect', '100-continue', 'Accept-Encoding', 'gzip', 'Accept', '*/*'];
    expect(names(toRaw(requestHeaders(fromRaw(raw), false)))).to.deep.equal(['Accept']);
    expect(names(toRaw(requestHeaders(fromRaw(raw), true)))).to.deep.equal(['Accept-Encoding', 'Accept']);
  });
});

describe('headers of a peer', () => {
  it('may be missing', () => {
    expect([readHeaders(undefined), readHeaders(null)]).to.deep.equal([[], []]);
  });

  it('may have a number for a value', () => {
    expect(readHeaders([{ name: 'Age', value: 3 }])).to.deep.equal([{ name: 'Age', value: '3' }]);
  });

  it('may have their value as val, as deployed test clients have it', () => {
    expect(readHeaders([{ name: 'A', val: 'b' }])).to.deep.equal([{ name: 'A', value: 'b' }]);
    expect(readHeaders([{ name: 'A', value: 'b', val: 'c' }])).to.deep.equal([{ name: 'A', value: 'b' }]);
  });

  for (const bad of [
    {},
    'x',
    [1],
    [null],
    [{ name: 'a' }],
    [{ name: 1, value: '' }],
    [{ name: 'a', value: {} }],
    [{ name: 'a', val: {} }],
    [{ name: 'a', value: '\u0100' }],
    [{ name: 'a b', value: '' }],
    [{ name: 'a', value: 'x\r\nSet-Cookie: y' }],
    [{ name: '', value: '' }],
    Array.from({ length: 8193 }, () => ({ name: 'a', value: '' })),
  ]) {
    it(`are refused: ${JSON.stringify(bad).slice(0, 60)}`, () => {
      expect(readHeaders(bad)).to.have.property('fault');
    });
  }
});
