import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { hello } from '../support/fixtures.js';
import { PREFIX, useStack } from '../support/stack.js';

const WAIT_MS = 8_000;
const [CN, O] = ['2.5.4.3', '2.5.4.10'];
/** A forged line, a second JSON object, an end of a terminal's window title, a right-to-left override, a lone surrogate. */
const POISON = 'x\n{"level":"info","message":"forged"}\r\n\u001b]0;forged\u0007\u2028\u202e\ud800\u0000"},{"a":"';
const MARK = '00000000000000000000000000000bad';

describe('attacks: logs and traces', () => {
  const stack = useStack((scratch) => ({ flags: { 'log-level': 'debug', 'audit-log': scratch.path('audit.log') } }));

  function files(): Readonly<Record<string, string>> {
    return {
      service: stack().log.join('\n'),
      audit: readFileSync(stack().scratch.path('audit.log'), 'utf8'),
      edge: readFileSync(join(stack().edge.certs, '..', 'envoy-access.log'), 'utf8'),
    };
  }

  it('whatever a certificate, a path, a header, a HELLO, a message or a close frame says, each line is one JSON object', async () => {
    const { authority } = stack();
    const evil = authority.issue({
      subject: [
        [O, POISON],
        [CN, POISON],
      ],
      names: [{ uri: 'urn:"},{\\' }],
    });
    const [one, two] = await stack().pair('logs?a=%00', stack().issue('a'), evil);
    const third = await stack().open(evil, 'logs/x');
    third.send(hello(POISON.replaceAll('\ud800', '')));
    const fourth = await stack().open(evil, 'logs/x');
    fourth.send(hello('y').replace('micronets-gateway-service', 'class\\u001b[2J\\n'));
    await Promise.all([third.next(), fourth.next()]);
    const call = {
      messageId: POISON,
      messageType: 'REST:REQUEST',
      requiresResponse: true,
      method: POISON,
      path: `/${POISON}`,
      headers: [{ name: 'traceparent', value: POISON }],
    };
    one.send(JSON.stringify({ message: call }));
    await two.next();
    two.send(
      JSON.stringify({
        message: {
          messageId: 1,
          messageType: 'REST:RESPONSE',
          requiresResponse: false,
          inResponseTo: POISON,
          statusCode: 200,
          reasonPhrase: POISON,
        },
      }),
    );
    await one.next();
    third.ws.close(4999, 'bye\n{"message":"forged"}\u001b[2J');
    await fourth.closed;
    for (const path of [`${PREFIX}a%0d%0aforged`, `${PREFIX}"}%00{"`, `/\u00ff`, `${PREFIX}a\tb`]) {
      await stack().refused(evil, path, {
        headers: ['User-Agent: "\\x1b[2J}', 'X-Request-Id: "}\\n{"', 'X-Forwarded-For: "},{"'],
      });
    }
    await waitFor('no ending in the logs', WAIT_MS, new AbortController().signal, async () =>
      /"4999"|:4999/.test(files()['audit'] ?? '') && /forged/.test(files()['edge'] ?? '') ? true : undefined,
    );
    for (const [name, text] of Object.entries(files())) {
      expect(text, name).to.contain('forged');
      for (const line of text.trimEnd().split('\n')) {
        expect(line, name).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        const read: unknown = JSON.parse(line);
        expect(read, line).to.be.an('object').and.not.an('array');
        expect((read as { message?: string }).message).not.to.equal('forged');
      }
    }
  });

  it('trace context, baggage and request ids that a client sends on the upgrade are nobody’s', async () => {
    const headers = {
      traceparent: `00-${MARK}-00000000000000ad-01`,
      tracestate: `evil=${MARK}`,
      baggage: `evil=${MARK}`,
      'x-request-id': MARK,
      'x-client-trace-id': MARK,
      'x-envoy-force-trace': 'true',
      b3: `${MARK}-00000000000000ad-1`,
    };
    const client = await stack().open(stack().issue('tracer'), 'traced', { headers });
    client.hello();
    await client.terminate();
    const line = await stack().service.line('stdout', /"meetup":"traced".*"admitted"/);
    expect(JSON.parse(line)).not.to.have.property('trace_id');
    await waitFor('no line of the edge', WAIT_MS, new AbortController().signal, async () =>
      files()['edge']?.includes('/traced') === true ? true : undefined,
    );
    for (const [name, text] of Object.entries(files())) expect(text, name).not.to.contain(MARK);
  });
});
