import { expect } from 'chai';
import { permissionsOf, permissionsText } from '../../proxy/cluster/nats/permissions.js';
import { doctor, type Examined } from '../support/doctor.js';
import { useNats } from '../support/nats.js';
import { natsSettings, recordOf, useNatsClients, writtenIn } from '../support/nats-client.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { Scratch } from '../support/scratch.js';

const { replica } = permissionsOf('wsp');
/** What a replica asks for, and a doctor cannot see since a survey comes first. */
const lacking = [
  ...replica.publish.filter((one) => !one.includes('STREAM.INFO')).map((subject) => ['publish', subject] as const),
  ['subscribe', 'wsp.alive.*'] as const,
].map(([act, subject], at) => ({ act, subject, user: `lacks-${at}` }));

const config = `
authorization {
  users: [
    { user: root, password: p-root }
    { user: replica, password: p-replica, permissions: { include ./replica.conf } }
    ${lacking
      .map(({ act, subject, user }) => {
        const permissions = { ...replica, [act]: replica[act].filter((one) => one !== subject) };
        return `{ user: ${user}, password: p-${user}, permissions: ${JSON.stringify(permissions)} }`;
      })
      .join('\n    ')}
  ]
}`;

describe('ws-proxy doctor --as host, where there are several replicas', function () {
  this.timeout(30_000);
  const nats = useNats({ config, files: { 'replica.conf': permissionsText('wsp', 'replica') } });
  const scratch = new Scratch();
  const open = useNatsClients();
  useRawNats();
  after(() => scratch.remove());

  function examined(user: string, more: Record<string, string> = {}): Promise<Examined> {
    const options = {
      nats: nats().url,
      'nats-user-file': scratch.write(user, `${user}\np-${user}\n`),
      'hop-listen': `unix:${scratch.path('hop.sock')}`,
      listen: `unix:${scratch.path('proxy.sock')}`,
      policy: 'any-verified',
      ...more,
    };
    const lines = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    const file = scratch.write('ws-proxy.yaml', lines.join(''));
    return doctor(['--as', 'host', '--config', file, '--timeout', '1s', '--envoy-admin', 'http://127.0.0.1:9']);
  }

  it('says that streams are missing', async () => {
    const { findings } = await examined('replica');
    expect(findings.get('host.nats')).to.include({ status: 'ok' });
    expect(findings.get('host.nats-streams')).to.include({ status: 'warning' });
    expect(findings.get('host.nats-permissions')?.what).to.match(/see nats-streams/);
    expect(findings.get('host.sockets')?.what).to.include('proxy.sock');
  });

  describe('with the streams', () => {
    before(async () => {
      const one = open(natsSettings(nats(), { userFile: scratch.write('root', 'root\np-root\n') }));
      await one.turns(true);
      writtenIn(await one.store.putRecord('a-1', recordOf('a'), 0));
      await one.close();
    });

    it('finds nothing wrong, and writes nothing', async () => {
      const { jsm } = await rawNats(nats(), { user: 'root', pass: 'p-root' });
      const states = async () => [
        (await jsm.streams.info('WSP_CLAIMS')).state.last_seq,
        (await jsm.streams.info('WSP_BLOCKS')).state.last_seq,
      ];
      const before = await states();
      const { findings } = await examined('replica');
      for (const id of ['host.nats', 'host.nats-streams', 'host.nats-permissions', 'host.hop-certificate']) {
        expect(findings.get(id), id).to.include({ status: 'ok' });
      }
      expect(await states()).to.deep.equal(before);
    });

    for (const { user, act, subject } of lacking) {
      it(`says that its user may not ${act} ${subject}`, async () => {
        const { findings } = await examined(user);
        const found = findings.get('host.nats-permissions');
        expect(found?.status).to.equal('fault');
        expect(found?.what).to.include(subject.replace(/[*>]$/, ''));
      });
    }

    it('says which setting is wrong', async () => {
      const { jsm } = await rawNats(nats(), { user: 'root', pass: 'p-root' });
      await jsm.streams.update('WSP_CLAIMS', { discard: 'old' });
      const { findings } = await examined('replica');
      await jsm.streams.update('WSP_CLAIMS', { discard: 'new' });
      expect(findings.get('host.nats-streams')?.what).to.match(/WSP_CLAIMS: discard is old and must be new/);
    });
  });

  it('says that NATS is away, or does not know the service', async () => {
    const away = (await examined('replica', { nats: 'nats://127.0.0.1:9' })).findings.get('host.nats');
    expect(away).to.include({ status: 'fault', what: 'NATS at nats://127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9' });
    const unknown = (await examined('nobody')).findings.get('host.nats');
    expect(unknown?.what).to.match(/does not accept the user/);
    expect(JSON.stringify(unknown)).to.not.include('p-nobody');
  });

  it('says that the hop listener has no TLS, or does not answer', async () => {
    const open = (await examined('replica', { 'hop-listen': '0.0.0.0:7443' })).findings.get('host.hop-certificate');
    expect(open?.what).to.match(/^--hop-listen 0\.0\.0\.0:7443: anyone who reaches it could claim any identity/);
  });
});
