import { judgeClock } from '../../../doctor/checks/check-clock.js';
import { checkOperatorProxy } from '../../../doctor/checks/check-http-proxy.js';
import { judgeName } from '../../../doctor/checks/check-name.js';
import { judgePort, type PortLook } from '../../../doctor/checks/check-port.js';
import type { Status } from '../../../doctor/finding.js';
import type { Answer } from '../../../doctor/look/ask.js';
import { Door, type DoorPlan } from '../../../doctor/look/door.js';
import type { Shown } from '../../../doctor/look/tls-look.js';
import { expectJudged } from '../../support/judged.js';

const peer = { view: 'peer', host: 'proxy.example', port: 5050, timeout: 5_000 } as const;
const operator = { ...peer, view: 'operator', port: 5051 } as const;
const failed = (code: string) => ({ t: 'failed', code, text: `it failed (${code})` }) as const;
const shown = (protocol: string): Shown => ({ t: 'shown', protocol, chain: [] }) as unknown as Shown;
const said = (kind: Answer['kind'], reason = 'upgrade_required'): Answer => {
  return { t: 'answered', status: 426, kind, reason, message: '', skew: 0 };
};

describe('doctor: the way in', () => {
  it('name: known, or not', () => {
    expectJudged(judgeName('a.example', ['192.0.2.1', '192.0.2.1', '::1']), 'ok', /^a.example is 192\.0\.2\.1, ::1$/);
    expectJudged(
      judgeName('a.example', failed('ENOTFOUND')),
      'fault',
      /a.example .*ENOTFOUND/,
      /getent hosts a.example/,
    );
  });

  const ports: readonly (readonly [
    string,
    typeof peer | typeof operator,
    Partial<PortLook>,
    Status,
    RegExp,
    RegExp?,
  ])[] = [
    ['the peers’', peer, { greeting: said('peers') }, 'ok', /is the peers' port/],
    ['the control API’s', operator, { greeting: said('control') }, 'ok', /is the control API's port/],
    [
      'the control API’s for a peer',
      peer,
      { greeting: said('control') },
      'fault',
      /is the control API's port, not/,
      /5050.*5050/,
    ],
    [
      'the peers’ for an operator',
      operator,
      { greeting: said('peers') },
      'fault',
      /is the peers' port, not/,
      /5051.*5051/,
    ],
    [
      'another server',
      peer,
      { greeting: said('other', 'HTTP 200') },
      'fault',
      /answers HTTP 200, and not as a ws-proxy/,
    ],
    ['nobody', peer, { shown: failed('ECONNREFUSED') }, 'fault', /ECONNREFUSED/, /npm start/],
    ['a firewall', peer, { shown: failed('TIMEOUT') }, 'fault', /TIMEOUT/, /firewall.*--timeout 10s/],
    ['no route', peer, { shown: failed('ENETUNREACH') }, 'fault', /ENETUNREACH/, /ip route/],
    ['an HTTP proxy that refuses', peer, { shown: failed('HTTP_403') }, 'fault', /HTTP_403/, /NO_PROXY/],
    ['another fault of TLS', peer, { shown: failed('ERR_SSL_X') }, 'fault', /ERR_SSL_X/, /Envoy's log/],
    ['an unknown name', peer, { shown: failed('ENOTFOUND') }, 'not_checked', /see name/],
    ['plain HTTP', peer, { shown: failed('EPROTO'), plain: true }, 'fault', /HTTP without TLS/, /5050/],
    ['one that shuts us out', peer, { greeting: failed('ERR_SSL_ALERT') }, 'ok', /speaks TLS/],
    [
      'one that shuts us out and offers HTTP/2',
      peer,
      { shown: shown('h2'), greeting: failed('X') },
      'warning',
      /HTTP\/2/,
    ],
    ['HTTP/2 for an operator', operator, { shown: shown('h2'), greeting: failed('X') }, 'ok', /speaks TLS/],
    ['one that never answers', peer, { greeting: failed('TIMEOUT') }, 'fault', /speaks TLS, and gives/],
  ];
  for (const [what, plan, look, status, words, todo] of ports) {
    it(`port: ${what}: ${status}`, () => {
      const whole = { shown: shown('http/1.1'), greeting: undefined, plain: false, ...look };
      expectJudged(judgePort(plan, whole), status, words, todo);
    });
  }

  it('clock: within half a minute, beyond it, and beyond what a new certificate allows', () => {
    expectJudged(judgeClock(undefined), 'not_checked', /no answer/);
    expectJudged(judgeClock(-900), 'ok', /within 1 s/);
    expectJudged(judgeClock(29_000), 'ok', /within 29 s/);
    expectJudged(judgeClock(31_000), 'warning', /here is 31 s behind/, /timedatectl/);
    expectJudged(judgeClock(-301_000), 'fault', /here is 301 s ahead/, /timedatectl/);
  });

  it('http-proxy: of the control commands, by the variables of their library', async () => {
    const at = (environment: Record<string, string>) => {
      return checkOperatorProxy(new Door({ ...operator, environment } as unknown as DoorPlan));
    };
    expectJudged(await at({}), 'ok', /no HTTP proxy/);
    // In capitals it is no variable of that library.
    expectJudged(await at({ HTTPS_PROXY: 'http://one.example' }), 'ok', /no HTTP proxy/);
    expectJudged(
      await at({ https_proxy: 'http://one.example' }),
      'warning',
      /https_proxy is set/,
      /no_proxy=proxy\.example/,
    );
    expectJudged(
      await at({ http_proxy: 'x', no_proxy: 'a.example' }),
      'warning',
      /http_proxy/,
      /no_proxy=a\.example,proxy/,
    );
    expectJudged(await at({ grpc_proxy: 'x', no_proxy: '.example' }), 'ok', /no_proxy names proxy\.example/);
  });
});
