import { expect } from 'chai';
import fc from 'fast-check';
import {
  readBlock,
  readClaim,
  readRecord,
  writeBlock,
  writeClaim,
  writeRecord,
} from '../../../proxy/cluster/nats/stored-values.js';
import { UNREADABLE } from '../../../proxy/cluster/store.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = fc.string({ unit: 'grapheme' });
const anything = fc.oneof(
  fc.uint8Array(),
  fc.json().map(bytes),
  fc.record({ format: fc.anything(), dead: fc.anything(), name: fc.anything() }, { requiredKeys: [] }).map(jsonBytes),
);

describe('the stored values', () => {
  it('property: a claim is read as it was written', () => {
    const claim = fc.record({
      format: fc.constant(1),
      incarnation: fc.string({ minLength: 1 }),
      name: text,
      address: text,
    });
    fc.assert(fc.property(claim, (one) => void expect(readClaim(bytes(writeClaim(one)))).to.deep.equal(one)));
  });

  it('property: a record and a tombstone are read as they were written', () => {
    const record = fc.record({
      ...{ format: fc.constant(1), name: fc.string({ minLength: 1 }), address: text, control: text },
      ...{ version: text, policyDigest: text },
    });
    const tombstone = fc.record({ format: fc.constant(1), dead: text });
    fc.assert(
      fc.property(
        fc.oneof(record, tombstone),
        (one) => void expect(readRecord(bytes(writeRecord(one)), 'x')).to.deep.equal(one),
      ),
    );
  });

  it('property: a block is read as it was written', () => {
    const block = fc
      .record({ fingerprint: text, subject: text, meetupId: text }, { requiredKeys: [] })
      .filter((selector) => Object.keys(selector).length > 0)
      .chain((selector) =>
        fc
          .record({ reason: text, by: text, since: fc.nat(), until: fc.nat() })
          .map((order) => ({ ...selector, ...order })),
      );
    fc.assert(
      fc.property(block, (one) => {
        const stored = { t: 'block', block: { uid: 'u', ...one } } as const;
        expect(readBlock(bytes(writeBlock(stored)), 'u')).to.deep.equal(stored);
      }),
    );
    const lifted = { t: 'lifted', uid: 'u' } as const;
    expect(readBlock(bytes(writeBlock(lifted)), 'u')).to.deep.equal(lifted);
  });

  it('property: whatever the bytes are, something is read that nobody stumbles over', () => {
    fc.assert(
      fc.property(anything, (some) => {
        const claim = readClaim(some);
        expect(claim.incarnation).to.be.a('string').and.not.equal('');
        const record = readRecord(some, 'a-1');
        if ('dead' in record) expect(record.dead).to.be.a('string');
        else
          expect(Object.values(record).map((one) => typeof one)).to.deep.equal(['number', ...Array(5).fill('string')]);
        readBlock(some, 'u');
      }),
    );
  });

  it('takes a claim without an owner for one of nobody', () => {
    for (const junk of [
      '{}',
      '{"incarnation":""}',
      '{"incarnation":7,"name":"","address":""}',
      '{"incarnation":"a","name":""}',
    ]) {
      expect(readClaim(bytes(junk)).incarnation, junk).to.equal(UNREADABLE);
    }
  });

  it('takes what selects by less than was meant for no block: it would keep everybody out', () => {
    const order = { reason: 'r', by: 'b', since: 1, until: 2 };
    for (const selector of [{}, { subject: 7 }, { subject: 'CN=a', meetupId: null }, { fingerprint: null }]) {
      expect(readBlock(jsonBytes({ ...order, ...selector }), 'u'), JSON.stringify(selector)).to.equal(undefined);
    }
    for (const spoilt of [{ until: '2' }, { since: null }, { reason: 1 }, { by: undefined }]) {
      const value = { ...order, subject: 'CN=a', ...spoilt };
      expect(readBlock(jsonBytes(value), 'u'), JSON.stringify(spoilt)).to.equal(undefined);
    }
  });
});

function jsonBytes(value: unknown): Uint8Array {
  return bytes(JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)) ?? '');
}
