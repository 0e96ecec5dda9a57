import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { hello } from '../support/fixtures.js';
import { identityHeaders, refusedUpgrade, type Service, startService } from '../support/service.js';

const PREFIX = '/micronets/v1/ws-proxy/';

describe('edge: refusals before the 101', () => {
  let service: Service;
  before(async () => {
    service = await startService({ maxSessions: '2', maxConnectionsPerIdentity: '3', probeTimeout: '200ms' });
  });
  after(() => service.stop());

  const cases: readonly [string, string, Record<string, string | string[] | undefined>, number, string][] = [
    ['[PATH-1] another prefix', '/elsewhere', identityHeaders(), 404, 'not_found'],
    ['[PATH-2] an empty meetup id', PREFIX, identityHeaders(), 400, 'meetup_id_invalid'],
    ['[PATH-2] an escape', `${PREFIX}sub/%61`, identityHeaders(), 400, 'meetup_id_invalid'],
    ['[PATH-2] a dot segment', `${PREFIX}sub/../gw`, identityHeaders(), 400, 'meetup_id_invalid'],
    ['an Origin', `${PREFIX}sub/1`, { ...identityHeaders(), origin: 'https://example.com' }, 403, 'origin_denied'],
    [
      'another websocket version',
      `${PREFIX}sub/1`,
      { ...identityHeaders(), 'sec-websocket-version': '8' },
      426,
      'upgrade_required',
    ],
    ['no key', `${PREFIX}sub/1`, { ...identityHeaders(), 'sec-websocket-key': undefined }, 400, 'request_invalid'],
    [
      'no upgrade',
      `${PREFIX}sub/1`,
      { ...identityHeaders(), upgrade: undefined, connection: undefined },
      426,
      'upgrade_required',
    ],
    ['two hosts', `${PREFIX}sub/1`, { ...identityHeaders(), host: 'a,b' }, 400, 'request_invalid'],
    ['no identity', `${PREFIX}sub/1`, {}, 401, 'identity_missing'],
    [
      'half an identity',
      `${PREFIX}sub/1`,
      { ...identityHeaders(), 'x-peer-serial': undefined },
      400,
      'identity_malformed',
    ],
    [
      'an identity twice',
      `${PREFIX}sub/1`,
      { ...identityHeaders(), 'x-peer-serial': ['1a', '1b'] },
      400,
      'identity_malformed',
    ],
    [
      'an expired certificate',
      `${PREFIX}sub/1`,
      identityHeaders({ notAfter: 1_600_000_000 }),
      401,
      'certificate_expired',
    ],
  ];
  for (const [what, path, headers, status, reason] of cases) {
    it(`${what}: ${status} ${reason}`, async () => {
      const refused = await refusedUpgrade(service.socketPath, path, headers);
      expect([refused.status, refused.error.reason]).to.deep.equal([status, reason]);
      expect(refused.error.message).to.not.equal('');
    });
  }

  async function seat(path: string, cn: string): Promise<WebSocket> {
    const headers = identityHeaders({ cn, fingerprint: Buffer.from(cn.padEnd(32)).toString('hex') });
    const ws = new WebSocket(`ws+unix:${service.socketPath}:${PREFIX}${path}`, { headers });
    await once(ws, 'open');
    ws.send(hello(cn));
    return ws;
  }

  async function close(...all: readonly WebSocket[]): Promise<void> {
    for (const ws of all) {
      const closed = once(ws, 'close');
      ws.close();
      if (ws.readyState !== WebSocket.CLOSED) await closed;
    }
  }

  it('[MEET-4] a third client of a live pair: 409 with Retry-After', async () => {
    const one = await seat('sub/full', 'one');
    const two = await seat('sub/full', 'two');
    await Promise.all([once(one, 'message'), once(two, 'message')]);
    const refused = await refusedUpgrade(service.socketPath, `${PREFIX}sub/full`, identityHeaders());
    expect([refused.status, refused.error.reason, refused.headers['retry-after']]).to.deep.equal([
      409,
      'meetup_full',
      '20',
    ]);
    expect([one.readyState, two.readyState]).to.deep.equal([WebSocket.OPEN, WebSocket.OPEN]);
    await close(one, two);
  });

  it('more connections of one identity than allowed: 429, and room again when one went', async () => {
    const mine = identityHeaders({ cn: 'busy', fingerprint: 'b'.repeat(64) });
    const open = await Promise.all(
      [1, 2, 3].map(async () => {
        const ws = new WebSocket(`ws+unix:${service.socketPath}:${PREFIX}sub/busy`, { headers: mine });
        await once(ws, 'open');
        return ws;
      }),
    );
    const refused = await refusedUpgrade(service.socketPath, `${PREFIX}sub/busy`, mine);
    expect([refused.status, refused.error.reason]).to.deep.equal([429, 'identity_full']);
    await close(...open);
    const again = new WebSocket(`ws+unix:${service.socketPath}:${PREFIX}sub/busy`, { headers: mine });
    await once(again, 'open');
    await close(again);
  });
});
