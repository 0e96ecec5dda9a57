import { expect } from 'chai';
import { developmentPolicy } from '../../../dev/policy.js';
import { judgeCollector, judgeSpans } from '../../../doctor/checks/check-collector.js';
import { judgeRoom } from '../../../doctor/checks/check-disk.js';
import {
  judgeBacklog,
  judgeConnections,
  judgeEnvoyFiles,
  judgeServiceFiles,
} from '../../../doctor/checks/check-limits.js';
import { judgeList } from '../../../doctor/checks/check-list.js';
import { judgeEnvoy, judgeEnvoyCertificates, judgeService } from '../../../doctor/checks/check-parts.js';
import { judgePolicyFile } from '../../../doctor/checks/check-policy-file.js';
import { judgeSocket } from '../../../doctor/checks/check-sockets.js';
import { envoyLimitsIn } from '../../../doctor/look/envoy-limits.js';
import { samplesIn } from '../../../doctor/look/host.js';
import { listeningInodes, openFilesIn } from '../../../doctor/look/listening-process.js';
import { openFilesFor } from '../../../envoy/settings.js';
import { expectJudged } from '../../support/judged.js';
import { textOf } from '../../support/sources.js';

const MIB = 1024 * 1024;
const DAY = 86_400;
const away = { t: 'failed', code: 'ECONNREFUSED', text: 'nobody listens there' } as const;
const page = (status: number, body = '') => ({ t: 'page', status, body }) as const;
const samples = (...lines: readonly string[]) => samplesIn(lines.join('\n'));
const url = new URL('http://127.0.0.1:9464');

describe('doctor: the parts on the host', () => {
  it('service', () => {
    expectJudged(judgeService(page(200), url), 'ok', /ready/);
    expectJudged(judgeService(page(503, 'this replica drains\n'), url), 'fault', /this replica drains$/);
    expectJudged(judgeService(page(404), url), 'fault', /HTTP 404/, /--metrics/);
    expectJudged(judgeService(away, url), 'fault', /nobody listens/, /systemctl start/);
  });

  it('envoy', () => {
    expectJudged(judgeEnvoy(page(200), url), 'ok', /ready/);
    expectJudged(judgeEnvoy(page(503, 'INITIALIZING'), url), 'fault', /INITIALIZING/, /log/);
    expectJudged(judgeEnvoy(away, url), 'fault', /nobody listens/, /--envoy-admin/);
  });

  it('envoy-certificates', () => {
    const loaded = (from: string, to: string) => `"valid_from": "${from}",\n "expiration_time": "${to}"`;
    const year = loaded('2030-01-01T00:00:00Z', '2031-01-01T00:00:00Z');
    const root = loaded('2029-01-01T00:00:00Z', '2039-01-01T00:00:00Z');
    const at = (date: string) => judgeEnvoyCertificates(`${root} ${year}`, Date.parse(date));
    expectJudged(at('2030-02-01'), 'ok', /until 2031-01-01/);
    expectJudged(at('2030-12-01'), 'warning', /ends at 2031-01-01/, /certs renew/);
    expectJudged(at('2031-02-01'), 'fault', /ended at 2031-01-01/, /certs renew/);
    expectJudged(judgeEnvoyCertificates('{}', 0), 'fault', /no certificate/);
  });

  it('policy-file', () => {
    const judged = (text: string) => judgePolicyFile('p.yaml', Buffer.from(text));
    expectJudged(judged(developmentPolicy), 'ok', /2 rules/);
    expectJudged(judged('version: 1\nrules: []\n'), 'warning', /no rule/);
    expectJudged(judged(`${developmentPolicy}mode: audit\n`), 'warning', /only audits/);
    expectJudged(judged('version: 2\n'), 'fault', /p\.yaml/, /mend p\.yaml/);
    expectJudged(judgePolicyFile('p.yaml', { fault: 'p.yaml: no such file' }), 'fault', /no such file/);
  });

  it('sockets', () => {
    const socket = (mode: number, isSocket = true) => ({ mode: 0o140000 + mode, isSocket: () => isSocket });
    expectJudged(judgeSocket('p.sock', socket(0o600)), 'ok', /closed/);
    expectJudged(judgeSocket('p.sock', socket(0o660)), 'fault', /mode 660/, /chmod 600 p\.sock/);
    expectJudged(judgeSocket('p.sock', socket(0o600, false)), 'fault', /no socket at p\.sock/);
    expectJudged(judgeSocket('p.sock', undefined), 'fault', /no socket at p\.sock/, /--service-socket/);
  });
});

describe('doctor: the limits of the host', () => {
  const limits = (most: number, open: number, served: number) =>
    samples(`process_max_fds ${most}`, `process_open_fds ${open}`, `ws_proxy_connections_limit ${served}`);

  it('service-files', () => {
    expectJudged(judgeServiceFiles(limits(20_000, 20, 15_000), 15_000), 'ok', /enough for 15000/);
    expectJudged(judgeServiceFiles(limits(1_024, 20, 768), 0), 'ok', /enough for 768/);
    expectJudged(
      judgeServiceFiles(limits(1_024, 20, 768), 15_000),
      'warning',
      /1024 open files/,
      /allow 15256.*--max-connections 768/,
    );
    expectJudged(judgeServiceFiles(limits(1_000, 801, 744), 0), 'fault', /801 open/, /allow 1000/);
    expectJudged(judgeServiceFiles(limits(0, 0, 10), 0), 'not_checked', /does not know/);
    expectJudged(judgeServiceFiles(away, 10), 'not_checked', /see service/);
  });

  it('envoy-files', () => {
    const needed = openFilesFor(100);
    expectJudged(judgeEnvoyFiles({ maxConnections: 100, openFiles: needed, pid: 7 }), 'ok', /process 7/);
    expectJudged(judgeEnvoyFiles({ maxConnections: 100, openFiles: needed - 1 }), 'fault', /711/, /allow 712/);
    expectJudged(judgeEnvoyFiles({ maxConnections: 100 }), 'not_checked', /as root/);
    expectJudged(judgeEnvoyFiles({}), 'not_checked', /no listener/);
    expectJudged(judgeEnvoyFiles(away), 'not_checked', /nobody listens/);
  });

  it('backlog', () => {
    expectJudged(judgeBacklog(4_096, 4_096), 'ok', /4096/);
    expectJudged(judgeBacklog(128, 4_096), 'warning', /128/, /sysctl -w net\.core\.somaxconn=4096/);
    expectJudged(judgeBacklog(undefined, 4_096), 'not_checked', /somaxconn/);
  });

  it('connections', () => {
    const service = (connections: number, sessions: number) =>
      samples(`ws_proxy_connections_limit ${connections}`, `ws_proxy_sessions_limit ${sessions}`);
    expectJudged(judgeConnections(service(300, 150), { maxConnections: 400 }), 'ok', /300 .* 150 .* 400/);
    expectJudged(judgeConnections(service(300, 149), { maxConnections: 400 }), 'warning', /149/, /--max-sessions 150/);
    expectJudged(
      judgeConnections(service(300, 1), { maxConnections: 300 }),
      'fault',
      /Envoy takes 300/,
      /--max-connections 400/,
    );
    expectJudged(judgeConnections(away, { maxConnections: 1 }), 'not_checked', /see service/);
    expectJudged(judgeConnections(service(1, 1), away), 'not_checked', /nobody listens/);
    expectJudged(judgeConnections(service(1, 1), {}), 'not_checked', /no listener/);
  });

  it('Envoy’s are read from the file of listeners', () => {
    const text = textOf('envoy/lds.yaml')
      .replace(/"\$\{MAX_CONNECTIONS\}"/, '400')
      .replace(/"\$\{ACCEPT_BURST\}"/, '4000');
    expect(envoyLimitsIn(text)).to.deep.equal({ maxConnections: 400, backlog: 4_000 });
    expect(envoyLimitsIn('resources: []\n')).to.deep.equal({});
  });

  it('a process’s are read from the kernel’s tables', () => {
    const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
    const row = (port: string, state: string, inode: number) =>
      `   0: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0`;
    const table = [head, row('26AD', '0A', 11), row('26AD', '01', 12), row('26AE', '0A', 13), ''].join('\n');
    expect(listeningInodes(table, 0x26ad)).to.deep.equal(['11']);
    expect(openFilesIn('Max open files            1024                 4096                 files')).to.equal(1_024);
    expect(openFilesIn('Max open files            unlimited            unlimited            files')).to.equal(Infinity);
    expect(openFilesIn('')).to.equal(undefined);
  });
});

describe('doctor: what fills up, ends, or is lost on the host', () => {
  const list = { issuer: 'CN=root', thisUpdate: 1_000 * DAY, nextUpdate: 1_090 * DAY };
  const valid = samples('ws_proxy_crl_valid 1');

  it('revocation-list', () => {
    const at = (day: number, metrics = valid) => judgeList('l.pem', [list], metrics, day * DAY);
    expectJudged(at(1_010), 'ok', /10 days old\) and counts for 80 days more/);
    expectJudged(at(1_000.1), 'ok', /2 hours old/);
    expectJudged(at(1_061), 'warning', /counts for 29 days more/, /certs crl --sign/);
    expectJudged(at(1_091), 'fault', /stale since/, /certs crl --sign/);
    expectJudged(at(999), 'fault', /begins at .* the clock here/, /clock/);
    expectJudged(at(1_010, samples('ws_proxy_crl_valid 0')), 'fault', /the service refused it/, /log/);
    expectJudged(judgeList('l.pem', [], valid, 0), 'fault', /no list/);
    const endless = { ...list, nextUpdate: undefined };
    expectJudged(judgeList('l.pem', [endless], away, 2_000 * DAY), 'ok', /no end/);
    expectJudged(judgeList('l.pem', [endless, list], away, 1_091 * DAY), 'fault', /stale/);
  });

  it('disk', () => {
    const room = { free: 10_000 * MIB, size: 20_000 * MIB, freeFiles: 5 };
    expectJudged(judgeRoom('/log', room), 'ok', /10000 MiB of 20000 MiB/);
    expectJudged(judgeRoom('/log', { ...room, free: 900 * MIB }), 'warning', /900 MiB/, /du -x/);
    expectJudged(judgeRoom('/log', { ...room, free: 31 * MIB }), 'fault', /31 MiB/, /du -x/);
    expectJudged(judgeRoom('/log', { ...room, freeFiles: 0 }), 'fault', /inodes/);
    expectJudged(judgeRoom('/log', { ...room, freeFiles: undefined }), 'ok', /10000/);
  });

  it('collector', () => {
    const [quiet, lossy] = [
      samples('ws_proxy_spans_total{result="lost"} 0'),
      samples('ws_proxy_spans_total{result="lost"} 7'),
    ];
    const otlp = new URL('http://127.0.0.1:4318/v1/traces');
    expectJudged(judgeCollector(otlp, page(405), quiet), 'ok', /4318 answers/);
    expectJudged(judgeCollector(otlp, { t: 'open' }, away), 'ok', /answers/);
    expectJudged(judgeCollector(otlp, page(405), lossy), 'warning', /lost 7 spans/);
    expectJudged(judgeCollector(otlp, page(404), quiet), 'fault', /404/);
    expectJudged(judgeCollector(otlp, away, quiet), 'fault', /nobody listens/, /OTEL_EXPORTER_OTLP_ENDPOINT/);
    expectJudged(judgeSpans(quiet), 'not_checked', /lost no span/);
    expectJudged(judgeSpans(lossy), 'warning', /lost 7 spans/);
    expectJudged(judgeSpans(away), 'not_checked', /does not answer/);
  });
});
