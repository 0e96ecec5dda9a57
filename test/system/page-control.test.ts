import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import type { Answer } from '../../page/answer.js';
import { documentedPolicy } from '../support/documented-policy.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { type RawAnswer, sendRaw } from '../support/raw-request.js';
import { useStack } from '../support/stack.js';

const O = '2.5.4.10';

describe('the page at the control port of the real Envoy', () => {
  const stack = useStack((scratch) => ({
    control: true,
    flags: {
      page: 'true',
      'audit-log': scratch.path('audit.log'),
      policy: scratch.write('policy.yaml', documentedPolicy({ watch: 'viewer' })),
    },
  }));

  const viewer = (): IssuedCertificate => stack().authority.issue({ subject: [[O, 'watch']] });
  const ask = (
    who: IssuedCertificate | undefined,
    path: string,
    headers: readonly string[] = [],
    method = 'GET',
  ): Promise<RawAnswer> =>
    sendRaw({
      port: stack().edge.ports.control,
      host: `localhost:${stack().edge.ports.control}`,
      ca: stack().ca,
      ...(who && { credential: who }),
      ...{ method, path, headers, upgrade: false, tls: { ALPNProtocols: ['http/1.1'] } },
    });

  it('is there for who has the right to view, by the same certificate as the commands', async () => {
    const who = viewer();
    const { status, headers, body } = await ask(who, '/');
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
    for (const [, path = ''] of body.matchAll(/(?:src|href)="(\/page\/[^"]*)"/g)) {
      expect((await ask(who, path)).status, path).to.equal(200);
    }
    await stack().pair('sub/1/a', stack().issue('manager'), stack().gateway('a'));
    const state = JSON.parse((await ask(who, '/page/state?meetup=sub/1/a')).body) as Answer;
    expect(state.sessions.items.map(({ meetupId }) => meetupId)).to.deep.equal(['sub/1/a']);
    expect(state.meetup?.present).to.have.length(2);
  });

  it('is for nobody else: a peer is told which right it lacks, and no certificate is no handshake', async () => {
    for (const path of ['/', '/page/state', '/page/main.js']) {
      const { status, body } = await ask(stack().gateway('a'), path);
      expect(status, path).to.equal(403);
      expect(JSON.parse(body).message).to.contain(
        'lacks the right "viewer" that ViewPage needs; it has no right at all',
      );
    }
    const refused = await ask(undefined, '/').then(
      ({ status }) => status,
      () => 'refused',
    );
    expect(refused).to.equal('refused');
  });

  it('is read by no other web page, whose visitor has a certificate', async () => {
    const who = viewer();
    const port = stack().edge.ports.control;
    for (const [path, headers, expected] of [
      ['/page/state', ['Origin: https://evil.example'], 403],
      ['/page/state', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'], 403],
      ['/page/main.js', ['Sec-Fetch-Site: same-site', 'Sec-Fetch-Dest: script'], 403],
      ['/', ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'], 200],
      ['/page/state', [`Origin: https://localhost:${port}`, 'Sec-Fetch-Site: same-origin'], 200],
    ] as const) {
      const { status } = await ask(who, path, [...headers]);
      expect(status, `${path} ${headers.join(', ')}`).to.equal(expected);
    }
  });

  it('only reads, and what it has not is the control API’s to tell', async () => {
    const who = viewer();
    expect((await ask(who, '/page/state', ['Content-Length: 0'], 'POST')).status).to.equal(405);
    expect((await ask(who, '/page/nothing.js')).status).to.equal(404);
    expect((await ask(who, '/page/call?trace=0')).status).to.equal(400);
    expect((await ask(who, '/elsewhere')).status).to.equal(404);
  });

  it('leaves a line in the audit log for each time that it is opened, each call that is looked at, and who is refused; not for each thing it asks', async () => {
    const [own, direct] = ['audited', 'audited too'].map((name) =>
      stack().authority.issue({
        subject: [
          [O, 'watch'],
          ['2.5.4.3', name],
        ],
      }),
    );
    const stranger = stack().gateway('stranger');
    const call = `/page/call?trace=${'a'.repeat(32)}`;
    for (const path of ['/page/main.js', '/', '/page/state', '/page/state', call]) await ask(own, path);
    // Without the document.
    for (const path of ['/page/state', '/page/state?service=x']) await ask(direct, path);
    await ask(stranger, '/page/state');
    const lines = (): [string, string][] =>
      readFileSync(stack().scratch.path('audit.log'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { act: string; code: string; by?: { subject: string } })
        .filter(({ act, by }) => act === 'view_page' && /audited|stranger/.test(by?.subject ?? ''))
        .map(({ code, by }) => [code, by?.subject ?? '']);
    const both = (): true | undefined => lines().some(([code]) => code !== 'OK') || undefined;
    await waitFor('no line of the refusal', 5_000, new AbortController().signal, async () => both());
    expect(lines()).to.deep.equal([
      ['OK', 'CN=audited,O=watch'],
      ['OK', 'CN=audited,O=watch'],
      ['OK', 'CN=audited too,O=watch'],
      ['PERMISSION_DENIED', 'CN=stranger,OU=gateway,O=Acme'],
    ]);
  });
});

describe('the control port of a service without the page', () => {
  const stack = useStack(() => ({ control: true, flags: {} }));
  it('has none', async () => {
    const { status, body } = await stack().control(stack().issue('manager'), 'GET', '/');
    expect(status).to.equal(404);
    expect(JSON.parse(body).details[0].reason).to.equal('PATH_UNKNOWN');
  });
});
