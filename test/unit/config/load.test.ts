import { expect } from 'chai';
import fc from 'fast-check';
import { ConfigError, loadConfig } from '../../../proxy/config/load.js';
import { flagOf, type OptionKey, options, variableOf } from '../../../proxy/config/options.js';
import { MEETUP_PREFIX } from '../../../proxy/wire/path.js';

function faultOf(sources: Parameters<typeof loadConfig>[0]): string {
  try {
    loadConfig(sources);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('the configuration was accepted');
}

describe('configuration', () => {
  it('has every default when nothing is given', () => {
    const config = loadConfig({ flags: {}, environment: {} });
    expect(config.pingInterval).to.equal(10_000);
    expect(config.maxMessageBytes).to.equal(4 * 1024 * 1024);
    expect(config.policy).to.equal(undefined);
  });

  it('[LIVE-2] has no longer time for the pong than between two pings, unless it is set', () => {
    const timeoutOf = (flags: Record<string, string>) => loadConfig({ flags, environment: {} }).pingTimeout;
    expect(timeoutOf({ pingInterval: '3s' })).to.equal(3_000);
    expect(timeoutOf({ pingInterval: '30s' })).to.equal(10_000);
    expect(timeoutOf({ pingInterval: '3s', pingTimeout: '10s' })).to.equal(10_000);
  });

  it('takes flags before the environment before the file', () => {
    const file = { name: 'f.yaml', text: 'max-connections: 10\nmax-sessions: 11\nmax-fragments: 12\n' };
    const environment = { WS_PROXY_MAX_CONNECTIONS: '20', WS_PROXY_MAX_SESSIONS: '21' };
    const config = loadConfig({ flags: { maxConnections: '30' }, environment, file });
    expect([config.maxConnections, config.maxSessions, config.maxFragments]).to.deep.equal([30, 21, 12]);
  });

  it('says the same by every way for every option', () => {
    // What an option for several replicas needs beside it.
    const several = { nats: 'nats://a', hopListen: 'unix:h' };
    const whole = { ...several, natsCert: 'f', natsKey: 'f', hopCert: 'f', hopKey: 'f', hopCa: 'f', hopName: 'n' };
    const samples: Record<string, string> = {
      text: 'unix:x',
      prefix: '/a/b/',
      count: '5',
      duration: '1500ms',
      bytes: '1MiB',
      flag: 'true',
      clusterName: 'lab',
      nats: 'tls://b',
      traceLink: 'https://t/{trace_id}',
    };
    for (const [key, row] of Object.entries(options)) {
      const text = 'choices' in row ? (row.choices[0] ?? '') : (samples[key] ?? samples[row.kind] ?? '');
      const rest = row.group === 'replicas' ? Object.entries(whole).filter(([other]) => other !== key) : [];
      const flags = Object.fromEntries(rest);
      const byFlag = loadConfig({ flags: { ...flags, [key]: text }, environment: {} });
      const byVariable = loadConfig({ flags, environment: { [variableOf(key)]: text } });
      const byFile = loadConfig({ flags, environment: {}, file: { name: 'f', text: `${flagOf(key)}: ${text}` } });
      expect(byVariable, key).to.deep.equal(byFlag);
      expect(byFile, key).to.deep.equal(byFlag);
    }
  });

  it('reads a list from YAML too', () => {
    const text = 'trace-routes:\n  - /a/{b}\n  - /c\n';
    expect(loadConfig({ flags: {}, environment: {}, file: { name: 'f', text } }).traceRoutes).to.deep.equal([
      '/a/{b}',
      '/c',
    ]);
  });

  it('refuses a path prefix that could be spelled in two ways, wherever it stands', () => {
    expect(loadConfig({ flags: {}, environment: {} }).pathPrefix).to.equal(MEETUP_PREFIX);
    for (const text of ['a/', '/a', '//', '/a//b/', '/a/../', '/%61/', '/a?b/', '/a b/', '']) {
      expect(faultOf({ flags: { pathPrefix: text }, environment: {} }), text).to.match(
        /^--path-prefix: .* is refused: /,
      );
    }
  });

  it('refuses what it does not know, with its place', () => {
    const file = { name: 'f.yaml', text: 'listen: unix:a\nmax-conections: 3\n' };
    expect(faultOf({ flags: {}, environment: {}, file })).to.match(
      /^f\.yaml:2:17: max-conections: there is no such option/,
    );
    expect(faultOf({ flags: {}, environment: { WS_PROXY_MAXIMUM: '1' } })).to.match(
      /^environment variable WS_PROXY_MAXIMUM/,
    );
  });

  it('names every fault at once', () => {
    const message = faultOf({ flags: { maxFragments: '0', pingTimeout: '10' }, environment: { WS_PROXY_PAGE: 'yes' } });
    expect(message.split('\n')).to.deep.equal([
      'environment variable WS_PROXY_PAGE: "yes" is refused: it is neither true nor false',
      '--max-fragments: "0" is refused: it is not a whole number from 1 to 65536',
      '--ping-timeout: "10" is refused: it is not a duration such as 500ms, 30s, 5m, 1h30m or 7d',
    ]);
  });

  it('refuses YAML that is broken, doubled or not a mapping, with its place', () => {
    for (const [text, place] of [
      ['listen: [', /^f:1:/],
      ['listen: a\nlisten: b', /^f:2:1/],
      ['- listen', /^f:1:1/],
      ['listen: {a: 1}', /^f:1:9: listen: one value/],
      ['listen: *other', /^f:1:9: aliases are not read/],
      ['*!', /^f:1:1: /],
      ['a: [}', /^f:1:5: [^\n]*[^:\d]$/m],
    ] as const) {
      expect(faultOf({ flags: {}, environment: {}, file: { name: 'f', text } })).to.match(place);
    }
  });

  it('leaves alone what the launcher and Kubernetes set', () => {
    const environment = {
      WS_PROXY_PORT: 'tcp://10.0.0.1:5050',
      WS_PROXY_SERVICE_HOST: '10.0.0.1',
      WS_PROXY_RUN_DIR: 'x',
      WS_PROXY_REPLICAS: '3',
      WS_PROXY_NATS_PORT: 'tcp://10.0.0.2:4222',
      WS_PROXY_NATS_PORT_4222_TCP: 'tcp://10.0.0.2:4222',
      WS_PROXY_NATS_PORT_4222_TCP_ADDR: '10.0.0.2',
      WS_PROXY_NATS_SERVICE_HOST: '10.0.0.2',
      WS_PROXY_NATS_SERVICE_PORT: '4222',
      WS_PROXY_NATS_SERVICE_PORT_CLIENT: '4222',
    };
    expect(() => loadConfig({ flags: {}, environment })).to.not.throw();
    for (const name of ['WS_PROXY_METRIC_PORT', 'WS_PROXY_NATS_USER']) {
      expect(faultOf({ flags: {}, environment: { [name]: '9464' } }), name).to.include(name);
    }
  });

  it('takes a link to traces that holds the place of the id, and no other scheme, secret or markup', () => {
    const grafana = 'https://g.example/explore?left=%7B%22query%22:%22{trace_id}%22%7D&orgId=1';
    for (const link of ['http://jaeger:16686/trace/{trace_id}', grafana]) {
      expect(loadConfig({ flags: { traceLink: link }, environment: {} }).traceLink).to.equal(link);
    }
    const wrong = ['https://t/', 'javascript:alert({trace_id})', 'https://{trace_id}/', 'https://u:p@t/{trace_id}'];
    wrong.push('https://t/{TRACE_ID}', 'https://t/{Trace_Id}', 'HTTPS://t/{trace_id}');
    for (const link of [...wrong, 'https://t/{trace_id}"><b>', 'ftp://t/{trace_id}', 'https://t/a b/{trace_id}']) {
      expect(faultOf({ flags: { traceLink: link }, environment: {} }), link).to.match(/^--trace-link: .*\{trace_id\}/);
    }
  });

  it('takes servers of NATS without a user alone, and a name of the fleet that is a token', () => {
    const flags = {
      nats: 'nats://a:4222, tls://[::1]:4222,tls://b.example',
      clusterName: 'lab-2',
      hopListen: 'unix:h',
    };
    const fleet = loadConfig({ flags, environment: {} });
    expect(fleet.nats).to.deep.equal(['nats://a:4222', 'tls://[::1]:4222', 'tls://b.example']);
    expect(fleet.clusterName).to.equal('lab-2');
    for (const nats of ['a:4222', 'http://a', 'nats://a/b', 'nats://', 'nats://a,,nats://b']) {
      expect(faultOf({ flags: { nats }, environment: {} }), nats).to.match(/^--nats: .*nats:\/\/HOST:PORT/);
    }
    expect(faultOf({ flags: { nats: 'nats://user:secret@a' }, environment: {} }), 'no secret is repeated').to.match(
      /^--nats: "nats:\/\/…@a" is refused: .*without a user: give that with --nats-user-file$/,
    );
    for (const clusterName of ['Wsp', 'a.b', 'a>', '1a', 'a_b', 'x'.repeat(33)]) {
      expect(faultOf({ flags: { clusterName }, environment: {} }), clusterName).to.match(/^--cluster-name: /);
    }
  });

  it('refuses options of several replicas that do not go together', () => {
    const nats = { nats: 'nats://a', hopListen: 'unix:h' };
    for (const [flags, fault] of [
      [{ hopListen: 'unix:h', natsCa: 'f' }, '--nats-ca, --hop-listen: without --nats this replica is alone'],
      [{ nats: 'nats://a' }, '--nats: other replicas hand on peers to this one: give --hop-listen too'],
      [{ ...nats, natsCreds: 'f', natsUserFile: 'f' }, '--nats-creds, --nats-user-file: NATS takes one of them'],
      [{ ...nats, natsKey: 'f' }, '--nats-key: --nats-cert must be given too'],
      [{ ...nats, hopCert: 'f', hopKey: 'f' }, '--hop-cert, --hop-key: --hop-ca, --hop-name must be given too'],
    ] as const) {
      expect(faultOf({ flags, environment: {} })).to.match(new RegExp(`^${fault}`));
    }
    const whole = { ...nats, natsCert: 'f', natsKey: 'f', hopCert: 'f', hopKey: 'f', hopCa: 'f', hopName: 'n' };
    expect(() =>
      loadConfig({ flags: { ...whole, advertise: 'a:1', natsUserFile: 'f' }, environment: {} }),
    ).to.not.throw();
  });

  it('never throws anything but ConfigError, whatever is given', () => {
    const keys = Object.keys(options) as OptionKey[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.string(), fc.string(), (key, value, text) => {
        try {
          loadConfig({ flags: { [key]: value }, environment: {}, file: { name: 'f', text } });
        } catch (error) {
          expect(error).to.be.instanceOf(ConfigError);
        }
      }),
    );
  });
});
