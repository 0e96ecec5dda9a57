import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { NatsFileError } from '../../proxy/cluster/nats/line/connect-options.js';
import type { NatsSettings } from '../../proxy/cluster/nats/line/settings.js';
import { permissionsText } from '../../proxy/cluster/nats/permissions.js';
import { startNats, type TestNats } from '../support/nats.js';
import { natsSettings, type OpenedNats, recordOf, useNatsClients, writtenIn } from '../support/nats-client.js';
import { jwtNats } from '../support/nats-jwt.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { until } from '../support/turns.js';

const HOUR_MS = 3_600_000;

describe('the way to NATS', function () {
  this.timeout(20_000);
  const open = useNatsClients();
  const running: TestNats[] = [];
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.remove()));
    scratch.remove();
  });

  async function server(config: string, files: Record<string, string> = {}): Promise<TestNats> {
    const nats = await startNats({ config, files });
    running.push(nats);
    return nats;
  }

  /** The reason why it cannot connect, in words. */
  async function refusal(settings: NatsSettings): Promise<string> {
    const one = open(settings);
    const line = await one.hears(/cannot be reached/);
    expect(one.store.connected).to.equal(false);
    return line.replace(/^error: NATS cannot be reached: it is tried again and again: /, '');
  }

  async function serves(one: OpenedNats): Promise<void> {
    await one.turns(true);
    writtenIn(await one.store.putRecord(`a-${Math.random()}`, recordOf('a'), 0));
  }

  describe('with a user and a password', () => {
    const config = 'authorization { users: [ { user: ws-proxy, password: the-secret } ] }';

    it('says that the user is not accepted, tells no secret, and gets in once the file is right', async () => {
      const nats = await server(config);
      const userFile = scratch.write('user', 'ws-proxy\nnot-the-secret\n');
      const one = open(natsSettings(nats, { userFile }));
      expect(await one.hears(/cannot be reached/)).to.match(/does not accept the user: look at --nats-creds/);
      scratch.replace('user', 'ws-proxy\nthe-secret\n');
      await serves(one);
      expect(one.told.join('\n')).to.not.match(/secret|ws-proxy/);
    });

    it('takes a new password at the next connection, and the old one while the file is away', async () => {
      const nats = await server(config);
      const userFile = scratch.write('user', 'ws-proxy\r\nthe-secret\r\n');
      const one = open(natsSettings(nats, { userFile }));
      await serves(one);
      scratch.drop('user');
      const gone = one.turns(false);
      await nats.kill();
      await gone;
      await nats.start();
      await one.turns(true);
    });

    it('is refused without any', async () => {
      expect(await refusal(natsSettings(await server(config)))).to.match(/does not accept the user/);
    });
  });

  describe('with credentials of a JWT', () => {
    it('gets in, and says when they are no good', async () => {
      const jwt = jwtNats();
      const nats = await server(jwt.config);
      const credsFile = scratch.write('good.creds', jwt.creds());
      await serves(open(natsSettings(nats, { credsFile })));
      const others = scratch.write('others.creds', jwtNats().creds());
      expect(await refusal(natsSettings(nats, { credsFile: others }))).to.match(/does not accept the user/);
      const stale = scratch.write('stale.creds', jwt.creds(Math.trunc(Date.now() / 1000) - 60));
      expect(await refusal(natsSettings(nats, { credsFile: stale }))).to.match(/does not accept the user|have expired/);
    });

    it('comes back with new ones when those it has run out', async () => {
      const jwt = jwtNats();
      const nats = await server(jwt.config);
      const credsFile = scratch.write('short.creds', jwt.creds(Math.ceil(Date.now() / 1000) + 2));
      const one = open(natsSettings(nats, { credsFile }));
      await serves(one);
      scratch.replace('short.creds', jwt.creds());
      await one.turns(false);
      await one.turns(true);
      expect(await one.hears(/refuses/)).to.match(/the credentials have expired: renew them/);
    });
  });

  describe('over TLS', () => {
    const authority = new RawAuthority();
    const files = (wish: { readonly dns?: string; readonly notAfter?: Date } = {}): Record<string, string> => {
      const { dns = 'localhost', notAfter } = wish;
      const times = notAfter === undefined ? {} : { notBefore: new Date(+notAfter - HOUR_MS), notAfter };
      const { certificate, key } = authority.issue({ subject: [], names: [{ dns }], ...times });
      return { 'cert.pem': certificate, 'key.pem': key, 'ca.pem': authority.certificate };
    };
    const file = (name: string): string => `"{folder}/${name}.pem"`;
    const tls = `tls { cert_file: ${file('cert')}, key_file: ${file('key')}, ca_file: ${file('ca')}, verify: true }`;
    const local = ({ port }: TestNats): { url: string } => ({ url: `tls://localhost:${port}` });

    function client(more: Partial<NatsSettings> = {}): Partial<NatsSettings> {
      const { certificate, key } = authority.issue({ subject: [['2.5.4.3', 'replica']] });
      return {
        caFile: scratch.write('ca.pem', authority.certificate),
        certFile: scratch.write('cert.pem', certificate),
        keyFile: scratch.write('key.pem', key),
        ...more,
      };
    }

    it('gets in by a certificate of its own', async () => {
      const nats = await server(tls, files());
      await serves(open(natsSettings(local(nats), client())));
      await serves(open(natsSettings({ url: `nats://localhost:${nats.port}` }, client({}))));
    });

    it('is known by the name in its certificate', async () => {
      const users = 'authorization { users: [ { user: replica.fleet, permissions: { include ./founder.conf } } ] }';
      const nats = await server(`${tls.replace('verify: true', 'verify_and_map: true')}\n${users}`, {
        ...files(),
        'founder.conf': permissionsText('wsp', 'founder'),
      });
      const { certificate, key } = authority.issue({ subject: [], names: [{ dns: 'replica.fleet' }] });
      const own = { certFile: scratch.write('own.pem', certificate), keyFile: scratch.write('own.key', key) };
      await serves(open(natsSettings(local(nats), client(own))));
      expect(await refusal(natsSettings(local(nats), client()))).to.match(/does not accept the user/);
    });

    it('says what is wrong with a certificate, here or there', async () => {
      const nats = await server(tls, files());
      const without = { certFile: undefined, keyFile: undefined };
      expect(await refusal(natsSettings(local(nats), client({ caFile: undefined })))).to.match(/with --nats-ca$/);
      expect(await refusal(natsSettings(local(nats), client(without)))).to.match(
        /^no answer in time: perhaps it wants a certificate \(--nats-cert\)$/,
      );
      const wrongName = await server(tls, files({ dns: 'nats.example' }));
      expect(await refusal(natsSettings(local(wrongName), client()))).to.match(/dial a name that its certificate has$/);
      const late = await server(tls, files({ notAfter: new Date(Date.now() - HOUR_MS) }));
      expect(await refusal(natsSettings(local(late), client()))).to.match(/certificate has expired: renew/);
    });

    it('goes over no line without TLS where TLS is asked for', async () => {
      const plain = await server('');
      for (const settings of [natsSettings(local(plain)), natsSettings(plain, { caFile: client().caFile })]) {
        expect(await refusal(settings)).to.match(/speaks no TLS, and tls:\/\/ or --nats-ca asks for it/);
      }
    });
  });

  it('leaves no connection behind to a server that accepts and says nothing', async () => {
    const lines = new Set<Socket>();
    let dialled = 0;
    let dialledAgain: () => void = () => {};
    const again = new Promise<void>((resolve) => {
      dialledAgain = resolve;
    });
    const mute = createServer((socket) => {
      dialled += 1;
      lines.add(socket.on('error', () => {}).resume());
      socket.once('close', () => lines.delete(socket));
      if (dialled === 4) dialledAgain();
    }).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const one = open(natsSettings({ url: `nats://127.0.0.1:${port}` }, { dialTime: 50 }));
    expect(await one.hears(/cannot be reached/)).to.match(/no answer in time/);
    await again;
    expect(lines.size).to.be.lessThan(3);
    await one.close();
    await until(() => lines.size === 0);
    mute.close();
  });

  it('refuses files that are no good, by the name of the option, and repeats nothing of them', () => {
    const own = scratch.write('own', 'one-line-secret');
    const long = scratch.write('long', 'x'.repeat(100_000));
    const [pair, other] = ['a', 'b'].map((name) => {
      const { certificate, key } = new RawAuthority().issue({ subject: [['2.5.4.3', name]] });
      return { cert: scratch.write(`${name}.pem`, certificate), key: scratch.write(`${name}.key`, key) };
    }) as [{ cert: string; key: string }, { cert: string; key: string }];
    const nowhere = { url: 'nats://127.0.0.1:9' };
    for (const [settings, message] of [
      [{ userFile: own }, /^--nats-user-file .*own: two lines are needed: the user and the password$/],
      [{ userFile: scratch.path('none') }, /^--nats-user-file .*none: no such file; check the path/],
      [{ userFile: long }, /^--nats-user-file .*long: it is longer than 65536 bytes$/],
      [{ credsFile: own }, /^--nats-creds .*own: no credentials of NATS: name a file as nsc writes it/],
      [{ caFile: scratch.path('none') }, /^--nats-ca .*none: no such file/],
      [{ certFile: scratch.directory }, /^--nats-cert .*: is a directory; name a file/],
      [{ caFile: own }, /^--nats-ca .*own: no certificate in it: name a PEM file$/],
      [{ certFile: own, keyFile: pair.key }, /^--nats-cert .*own: no certificate in it/],
      [{ certFile: pair.cert, keyFile: own }, /^--nats-key .*own: no key in it/],
      [{ certFile: pair.cert, keyFile: other.key }, /^--nats-cert .*, --nats-key .*: they do not belong together/],
    ] as const) {
      expect(() => open(natsSettings(nowhere, settings)), String(message)).to.throw(NatsFileError, message);
      expect(() => open(natsSettings(nowhere, settings))).to.not.throw(/secret/);
    }
  });
});
