import { expect } from 'chai';
import fc from 'fast-check';
import { readCount, readPort } from '../../../proxy/values/count.js';
import { readDuration, writeDuration } from '../../../proxy/values/duration.js';
import type { Quantity } from '../../../proxy/values/quantity.js';
import { readSize, writeSize } from '../../../proxy/values/size.js';

const values = fc.nat({ max: 2 ** 45 });

describe('quantities', () => {
  it('of time are read as people write them', () => {
    const read = ['500ms', '30s', '10m', '1h30m', '1.5h', '2d', '1.5s', '0s'].map((text) => readDuration(text));
    expect(read).to.deep.equal(
      [500, 30_000, 600_000, 5_400_000, 5_400_000, 172_800_000, 1500, 0].map((ok) => ({ ok })),
    );
  });

  it('of time are seconds without a unit, where a flag allows that', () => {
    expect(readDuration('2.5', { plainSeconds: true })).to.deep.equal({ ok: 2500 });
    expect(readDuration('2m', { plainSeconds: true })).to.deep.equal({ ok: 120_000 });
    expect(readDuration('2')).to.have.property('fault');
  });

  it('are refused with the form that they must have', () => {
    const form = 'it is not a duration such as 500ms, 30s, 5m, 1h30m or 7d';
    for (const wrong of ['', '10', 'm', '1m x', ' 1m', '1m\n', '-1s', '1s1', '1e3s', '٣s', '1w'])
      expect(readDuration(wrong), wrong).to.deep.equal({ fault: form });
    expect(readDuration('1e3', { plainSeconds: true })).to.deep.equal({ fault: `${form}, or a number of seconds` });
    for (const wrong of ['', '1 KiB', 'KiB', '-1', '1kb', '1e3'])
      expect(readSize(wrong), wrong).to.deep.equal({ fault: 'it is not a size such as 4096, 512KiB or 4MiB' });
    for (const wrong of ['', 'x', '-1', '1.5', '1e3', '0x1', ' 1', '1\n', '9'.repeat(16)])
      expect(readCount(wrong, { min: 1, max: 9 }), wrong).to.deep.equal({
        fault: 'it is not a whole number from 1 to 9',
      });
  });

  it('are held against their bounds, which the fault names', () => {
    expect(readDuration('2h', { min: 10, max: 3_600_000 })).to.deep.equal({
      fault: 'it is not a duration from 10ms to 1h',
    });
    expect(readSize('1KiB', { min: 2048 })).to.deep.equal({ fault: 'it is not a size from 2KiB' });
    expect(readPort('65536')).to.deep.equal({ fault: 'it is not a port from 0 to 65535' });
    for (const bound of ['1s', '1h']) expect(readDuration(bound, { min: 1000, max: 3_600_000 })).to.have.property('ok');
  });

  it('are never without end, however many digits they have', () => {
    for (const read of [readDuration(`${'9'.repeat(400)}d`), readSize('9'.repeat(400))])
      expect(read).to.have.property('fault');
  });

  it('are read again as they were written', () => {
    const pairs: readonly [(value: number) => string, (text: string) => Quantity][] = [
      [writeDuration, readDuration],
      [writeSize, readSize],
    ];
    for (const [write, read] of pairs)
      fc.assert(fc.property(values, (value) => void expect(read(write(value))).to.deep.equal({ ok: value })));
  });

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of [readDuration, readSize, readCount, readPort]) read(text);
      }),
    );
  });
});
