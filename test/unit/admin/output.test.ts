import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { durationValue, shortTime } from '../../../admin/durations.js';
import { jsonForm } from '../../../admin/json-form.js';
import { type Column, columns, cutLines, documentOf, streamItem } from '../../../admin/output.js';
import { shortBytes } from '../../../admin/session-columns.js';
import { SessionFilter } from '../../../admin/session-filter.js';
import { conditionsOf } from '../../../admin/session-query.js';
import { heightOf, widthOf } from '../../../admin/terminal.js';
import { readFilter } from '../../../proxy/control/filter/filter.js';
import { safe } from '../../../proxy/wire/safe-text.js';

describe('admin output', () => {
  it('reads times as people write them', () => {
    expect(durationValue('1.5s')).to.deep.equal({ seconds: 1, nanos: 500_000_000 });
    expect(durationValue('1h30m')).to.deep.equal({ seconds: 5400, nanos: 0 });
    for (const wrong of ['', '10', 'm', '1m x', '-1s', '1s1'])
      expect(() => durationValue(wrong), wrong).to.throw('duration');
  });

  it('writes times and bytes for people', () => {
    expect([350, 59_000, 61_000, 3_700_000, 90_000_000].map(shortTime)).to.deep.equal([
      '350ms',
      '59s',
      '1m1s',
      '1h1m',
      '1d1h',
    ]);
    expect([0, 1023, 1024, 1_500_000, 2 ** 50].map(shortBytes)).to.deep.equal([
      '0B',
      '1023B',
      '1.0KiB',
      '1.4MiB',
      '1024.0TiB',
    ]);
  });

  it('writes messages as JSON as the edge does', () => {
    const message = {
      create_time: { seconds: '1767225600', nanos: 5_000_000 },
      mean_latency: { seconds: '1', nanos: 500_000_000 },
      max_latency: { seconds: '2', nanos: 0 },
      pair_time: null,
      page_token: 'x',
      body: Buffer.from('hi'),
      peers: [{ bytes_in: '12' }],
    };
    expect(jsonForm(message)).to.deep.equal({
      createTime: '2026-01-01T00:00:00.005Z',
      meanLatency: '1.500s',
      maxLatency: '2s',
      pageToken: 'x',
      body: 'aGk=',
      peers: [{ bytesIn: '12' }],
    });
  });

  it('lets no text steer the terminal or the columns', () => {
    const column: readonly Column<string>[] = [{ title: 'X', plain: (row) => row }];
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (rows) => {
        for (const form of ['table', 'plain'] as const) {
          const text = columns(rows, column, form);
          expect(text.split('\n')).to.have.length(rows.length + 2);
          expect(/[^\P{C}\n]/u.test(text.replaceAll(/[\p{Co}\p{Cn}\p{Cs}]/gu, ''))).to.equal(false);
        }
      }),
    );
    expect(safe('a\u001b]0;x\u0007\u202e')).to.equal('a\\u{1b}]0;x\\u{7}\\u{202e}');
  });

  it('lets no text steer the terminal in JSON and YAML, which mean the same', () => {
    const name = fc.constantFrom('peer_id', 'subject', 'uris');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\u009b', '\u202e', '\u{e0001}', '\n', '\t', '"', '\\', ' ', ': ', '#', 'x') }),
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(text, fc.array(text))), (answer) => {
        const wanted = jsonForm(answer);
        for (const write of [documentOf, streamItem]) {
          const [json, yaml] = [write(answer, 'json'), write(answer, 'yaml')];
          expect(JSON.parse(json)).to.deep.equal(wanted);
          expect(parse(yaml)).to.deep.equal(wanted);
          for (const written of [json, yaml]) expect(written).not.to.match(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
    expect(documentOf({ peer_id: 'a\u009b2J\u202e\u{e0001}' }, 'yaml')).to.equal(
      'peerId: "a\\u009b2J\\u202e\\U000e0001"\n',
    );
  });

  it('cuts lines to the width, and no character in two', () => {
    expect(cutLines('abcdef\nabc', 4)).to.equal('abc…\nabc');
    expect(cutLines('ab😀def', 4)).to.equal('ab…');
  });

  it('cuts nothing on a terminal that does not know its size', () => {
    for (const told of [0, 1, Number.NaN, undefined]) {
      expect([cutLines('a line', widthOf(told)), heightOf(told)], String(told)).to.deep.equal(['a line', 24]);
    }
    expect([widthOf(20), heightOf(4)]).to.deep.equal([20, 4]);
  });

  it('writes filters that the server reads, whatever is in the flags', () => {
    const word = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(word, word, fc.nat(1e9), (meetup, subject, olderThan) => {
        const flags = { meetup, subject, olderThan, state: 'paired' };
        const { text } = new SessionFilter(conditionsOf(flags, Date.UTC(2026, 0, 1)));
        expect(readFilter(text, 'r')).to.have.property('ok');
      }),
    );
  });
});
