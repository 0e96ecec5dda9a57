import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { edgeFiles, renderEdge } from '../../../envoy/render.js';
import type { Replica } from '../../../envoy/replica.js';
import { type EdgeSettings, SettingsError } from '../../../envoy/settings.js';
import { options } from '../../../proxy/config/options.js';
import { endings } from '../../../proxy/wire/close.js';
import { edgeSettings } from '../../support/edge-settings.js';

/** The value at a path of keys in a parsed file. */
function at(value: unknown, ...keys: (string | number)[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);
}

const health = { host: '127.0.0.1', port: 9464 };
const replica: Replica = { name: 'r1', peers: { t: 'unix', path: '/run/r1.sock' }, health };
const elsewhere: Replica = { name: 'r1', peers: { t: 'tcp', host: '10.0.0.1', port: 5443 }, health };

interface Header {
  header: { key: string };
}
interface Route {
  name: string;
  route?: object;
}

describe('envoy render', () => {
  let dir = '';
  const tracesUrl = new URL('http://[::1]:4318/v1/traces');

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-render-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function render(wanted: Partial<EdgeSettings> = {}): Promise<Record<string, unknown>> {
    const settings = edgeSettings(dir, wanted);
    await renderEdge(settings);
    const texts = edgeFiles.map(async (name) => [name, parse(await readFile(join(settings.configDir, name), 'utf8'))]);
    return Object.fromEntries(await Promise.all(texts));
  }

  it('writes every file as YAML that has the settings in it', async () => {
    const files = await render({ peersPort: 6050, address: '::', maxConnections: 77 });
    expect(at(files, 'lds.yaml', 'resources', 0, 'address', 'socket_address')).to.deep.equal({
      address: '::',
      port_value: 6050,
      ipv4_compat: true,
    });
    expect(at(files, 'envoy.yaml', 'admin', 'address', 'socket_address', 'address')).to.equal('127.0.0.1');
    expect(JSON.stringify(files['cds.yaml'])).to.include(join(dir, 'service.sock')).and.include('"max_connections":77');
    expect(JSON.stringify(files)).not.to.match(/[$][{]/);
  });

  it('leaves out what was not asked for: tracing, JSON, revocation list', async () => {
    const text = JSON.stringify(await render({ controlJson: false }));
    expect(text).not.to.include('otlp').and.not.to.include('control_json');
    expect(text).to.include('only_verify_leaf_cert_crl');
    const { clientCrl: _, ...without } = edgeSettings(dir);
    await renderEdge(without);
    expect(await readFile(join(dir, 'envoy/sds/client-ca.yaml'), 'utf8')).not.to.include('crl:');
  });

  it('puts tracing and JSON in when they are asked for', async () => {
    const files = await render({ tracesUrl });
    const text = JSON.stringify(files);
    expect(text).to.include('"cluster":"control_json"').and.include('"name":"control_json"');
    expect(text).to.include('"uri":"http://[::1]:4318/v1/traces"').and.include('"address":"::1"');
  });

  it('leaves a file alone that would not change, since a new lds.yaml closes websockets', async () => {
    await render();
    const before = await stat(join(dir, 'envoy/lds.yaml'));
    await render();
    expect((await stat(join(dir, 'envoy/lds.yaml'))).ino).to.equal(before.ino);
    await render({ maxConnections: 5 });
    expect((await stat(join(dir, 'envoy/lds.yaml'))).ino).not.to.equal(before.ino);
  });

  it('gives both listeners the same identity headers, each overwritten even when empty', async () => {
    const files = await render();
    const [peers, control] = ['peers', 'control'].map((name) =>
      at(files, `rds/${name}.yaml`, 'resources', 0, 'virtual_hosts', 0, 'request_headers_to_add'),
    ) as [Header[], Header[]];
    expect(peers).to.deep.equal(control);
    const identity = peers.filter(({ header }) => header.key.startsWith('x-peer-'));
    expect(identity).to.have.length(5);
    for (const one of identity) {
      expect(one).to.include({ append_action: 'OVERWRITE_IF_EXISTS_OR_ADD', keep_empty_value: true });
    }
  });

  it('cuts no quiet session: no route timeout, and an idle timeout above every ping interval', async () => {
    const files = await render();
    const routes = at(files, 'rds/peers.yaml', 'resources', 0, 'virtual_hosts', 0, 'routes') as Route[];
    const forwarding = routes.filter((route) => route.route !== undefined);
    expect(forwarding.map((route) => route.name)).to.deep.equal(['meetup']);
    expect(forwarding[0]?.route).to.include({ timeout: '0s', idle_timeout: '7200s', cluster: 'rendezvous' });
  });

  for (const maxConnections of [100, 25_000]) {
    it(`lets nothing but the limit of connections turn a peer away: ${maxConnections}`, async () => {
      const files = await render({ maxConnections });
      const listener = at(files, 'lds.yaml', 'resources', 0);
      const bucket = at(listener, 'listener_filters', 0, 'typed_config', 'token_bucket') as Record<string, number>;
      const cluster = at(files, 'cds.yaml', 'resources', 0, 'circuit_breakers', 'thresholds', 0) as object;
      const [heap, downstream] = at(files, 'envoy.yaml', 'overload_manager', 'resource_monitors') as object[];
      const bounds = {
        ...cluster,
        backlog: at(listener, 'tcp_backlog_size'),
        at_once: bucket['max_tokens'],
        in_20_s: 20 * (bucket['tokens_per_fill'] ?? 0),
        filter: at(listener, 'filter_chains', 0, 'filters', 0, 'typed_config', 'max_connections'),
        downstream: at(downstream, 'typed_config', 'max_active_downstream_connections'),
        heap_in_64_kib: Number(at(heap, 'typed_config', 'max_heap_size_bytes')) / 65_536,
      };
      const numbers = Object.entries(bounds).filter(([, value]) => typeof value === 'number');
      expect(numbers.map(([name]) => name)).to.include.members([
        ...['max_connections', 'max_requests', 'max_pending_requests', 'max_retries', 'backlog', 'at_once', 'in_20_s'],
        ...['filter', 'downstream', 'heap_in_64_kib'],
      ]);
      for (const [name, value] of numbers) expect(value, name).to.be.at.least(maxConnections);
    });
  }

  it('gives a handshake all of its time: no other clock that starts with the connection is shorter', async () => {
    for (const handshakeTimeout of [undefined, 60]) {
      const files = await render(handshakeTimeout === undefined ? {} : { handshakeTimeout });
      const listener = at(files, 'lds.yaml', 'resources', 0);
      const chain = at(listener, 'filter_chains', 0);
      const options = at(chain, 'filters', 1, 'typed_config', 'common_http_protocol_options');
      const [handshake, hello, idle] = [
        at(chain, 'transport_socket_connect_timeout'),
        at(listener, 'listener_filters_timeout'),
        at(options, 'idle_timeout'),
      ].map((text) => Number(/^(\d+)s$/.exec(String(text))?.[1]));
      expect([handshake, hello]).to.deep.equal(Array.from({ length: 2 }, () => handshakeTimeout ?? 30));
      expect(idle).to.be.greaterThan(handshake ?? Number.POSITIVE_INFINITY);
    }
  });

  it('has peers say who dialled where it is told so, before anything else is read, and operators never', async () => {
    const filtersOf = (files: Record<string, unknown>, listener: number): readonly string[] =>
      (at(files, 'lds.yaml', 'resources', listener, 'listener_filters') as { name: string }[]).map(({ name }) => name);
    const behind = await render({ proxyProtocol: true });
    expect(filtersOf(behind, 0)).to.deep.equal(['accept_rate', 'proxy_protocol', 'tls_inspector']);
    expect(filtersOf(behind, 1))
      .to.deep.equal(filtersOf(await render(), 1))
      .and.not.to.include('proxy_protocol');
    expect(filtersOf(await render(), 0)).to.deep.equal(['accept_rate', 'tls_inspector']);
  });

  it('asks several replicas in turn for a handshake alone, and puts out none for what its websockets did', async () => {
    const files = await render({ fleet: { replicas: [] } });
    expect(JSON.stringify(files)).not.to.include('outlier_detection');
    const route = at(files, 'rds/peers.yaml', 'resources', 0, 'virtual_hosts', 0, 'routes', 1, 'route');
    expect(at(route, 'hash_policy')).to.deep.equal([{ header: { header_name: ':path' }, terminal: true }]);
    const retry = at(route, 'retry_policy') as object;
    // The times of the service: a replica has said where the meetup is, or that it cannot tell, before another one is asked.
    expect(retry).to.include({ retry_on: 'connect-failure,reset', num_retries: 3, per_try_timeout: '5s' });
    expect(options.placing.max).to.be.lessThan(5_000);
    const panic = at(files, 'cds.yaml', 'resources', 0, 'common_lb_config', 'healthy_panic_threshold', 'value');
    expect(panic).to.be.greaterThan(0).and.at.most(1);
  });

  it('asks the one service without a second try for what has reached it', async () => {
    const files = await render();
    const text = JSON.stringify([files['rds/peers.yaml'], files['cds.yaml']]);
    expect(text).not.to.match(/per_try_timeout|hash_policy|health_check|EDS|reset/);
  });

  it('counts operators, scrapers and those without TLS beside the peers where it counts all', async () => {
    const { [`envoy.yaml`]: bootstrap, 'lds.yaml': listeners } = await render({ adminPort: 9901, statsPort: 9902 });
    const most = [0, 1, 2].flatMap((n) => {
      const chains = at(listeners, 'resources', n, 'filter_chains') as object[];
      return chains.map((chain) => Number(at(chain, 'filters', 0, 'typed_config', 'max_connections')));
    });
    expect(most).to.have.length(5);
    const whole = at(bootstrap, 'overload_manager', 'resource_monitors', 1, 'typed_config');
    expect(at(whole, 'max_active_downstream_connections')).to.equal(most.reduce((sum, each) => sum + each));
  });

  it('gives its statistics to a name that was named', async () => {
    const routes = async (statsNames: string[]) => {
      return JSON.stringify((await render({ adminPort: 9901, statsPort: 9902, statsNames }))['lds.yaml']);
    };
    expect(await routes(['proxy1.example.com'])).to.include('proxy1\\\\.example\\\\.com');
    expect(await routes(['any'])).to.include('"regex":"(?i).*"');
  });

  it('has the prefix and the words of the service', async () => {
    const files = await render({ pathPrefix: '/fleet(7)/v1.0/' });
    const text = JSON.stringify(files['rds/peers.yaml']);
    expect(text).to.include('meetups are below /fleet(7)/v1.0/').and.include(endings.upgrade_required.text);
    expect(text)
      .to.include(JSON.stringify(String.raw`/fleet\(7\)/v1\.0(/.*)?`).slice(1, -1))
      .and.not.include('micronets');
  });

  for (const [fault, wanted, message] of [
    ['a port out of range', { peersPort: 65_536 }, /^peersPort must be a port from 0 to 65535, not 65536$/],
    ['a prefix without its slash', { pathPrefix: '/ws' }, /^pathPrefix "\/ws" is refused: it does not end with \/$/],
    ['no connections', { maxConnections: 0 }, /^maxConnections must be/],
    [
      'a socket path that no unix socket can have',
      { serviceSocket: `/${'x'.repeat(107)}` },
      /^serviceSocket is 108 bytes/,
    ],
    ['two replicas of one name', { fleet: { replicas: [replica, replica] } }, /^two replicas have the name r1$/],
    [
      'a replica elsewhere without TLS',
      { fleet: { replicas: [elsewhere] } },
      /^r1: 10\.0\.0\.1:5443 is beyond this machine/,
    ],
    [
      'certificate and key for the replicas in two folders',
      { fleet: { tls: { certificate: '/a/c.pem', key: '/b/k.pem', ca: '/a/ca.pem', name: 'x' } } },
      /^certificate and key for the replicas must lie in one folder/,
    ],
    ['a TLS endpoint for traces', { tracesUrl: new URL('https://otlp.example/v1/traces') }, /must be http, not https:/],
  ] as const) {
    it(`refuses ${fault} and writes nothing`, async () => {
      const error = await render(wanted).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(SettingsError);
      expect((error as Error).message).to.match(message);
      expect(await stat(join(dir, 'envoy')).catch(() => 'absent')).to.equal('absent');
    });
  }
});
