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
    const samples: Record<string, string> = {
      text: 'unix:x',
      prefix: '/a/b/',
      count: '7',
      duration: '1500ms',
      bytes: '1MiB',
      flag: 'true',
    };
    for (const [key, row] of Object.entries(options)) {
      const text = 'choices' in row ? (row.choices[0] ?? '') : (samples[row.kind] ?? '');
      const byFlag = loadConfig({ flags: { [key]: text }, environment: {} });
      const byVariable = loadConfig({ flags: {}, environment: { [variableOf(key)]: text } });
      const byFile = loadConfig({ flags: {}, environment: {}, file: { name: 'f', text: `${flagOf(key)}: ${text}` } });
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
    };
    expect(() => loadConfig({ flags: {}, environment })).to.not.throw();
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
