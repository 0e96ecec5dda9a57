import { expect } from 'chai';
import { attached } from '../../support/fake-fleet.js';

describe('the living replicas', () => {
  it('are asked by their control API whatever the form of their record, as a later one has the fields of this', async () => {
    const [fleet, a, b] = await attached(2);
    if (a === undefined || b === undefined) return;
    const { incarnation } = b.cluster;
    const stored = fleet.tables.records.get(incarnation);
    if (stored === undefined || 'dead' in stored.value) throw new Error('b has no record');
    fleet.tables.records.set(incarnation, { ...stored, value: { ...stored.value, format: 2, version: '9.0.0' } });
    const [own, other, ...more] = await a.cluster.members();
    expect([own?.self, other?.self, more]).to.deep.equal([true, false, []]);
    expect(other).to.include({ incarnation, replica: 'r1', control: 'unix:r1.control', version: '9.0.0' });
  });
});
