import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import type { WssClient } from '../support/client.js';
import { type Program, runProgram } from '../support/program.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { readScrape, sumOf } from '../support/scrape.js';
import { PREFIX, useStack } from '../support/stack.js';

const WAIT_MS = 15_000;
const PIECE = Buffer.alloc(512 * 1024);
/** Number of messages of half a MiB that exceed all buffers on the way. */
const STUFFING = 24;

describe('a contested seat whose peer has bytes waiting, through the real Envoy', () => {
  // Every timeout but the probe's is far longer than a test.
  const stack = useStack(() => ({ flags: { 'probe-timeout': '1s', 'ping-timeout': '60s', 'stall-timeout': '120s' } }));

  /** Sends more than all buffers on the way hold, and waits until the proxy reads no more of it. */
  async function stuff(sender: WssClient): Promise<void> {
    for (let i = 0; i < STUFFING; i += 1) sender.send(PIECE);
    await waitFor('nobody was held', WAIT_MS, new AbortController().signal, async () => {
      const held = sumOf(
        await readScrape(`http://127.0.0.1:${stack().metricsPort}/metrics`),
        'ws_proxy_connections_held',
      );
      return held > 0 ? true : undefined;
    });
  }

  /** Dials with that certificate; resolves with the websocket once it is let in. */
  async function comesBack(credential: IssuedCertificate, meetup: string): Promise<WssClient> {
    const client = await stack().open(credential, meetup);
    client.hello('back');
    return client;
  }

  /** A paired `ws-proxy peer` in a process of its own. */
  async function interactive(credential: IssuedCertificate, meetup: string): Promise<Program> {
    const cert = stack().scratch.write('peer.pkeycert.pem', credential.key + credential.certificate);
    const ca = stack().scratch.write('ca.pem', stack().ca);
    const url = `wss://localhost:${stack().port}${PREFIX}${meetup}`;
    return runProgram('peer', 'interactive', '--url', url, '--cert', cert, '--ca', ca);
  }

  it('goes to the certificate of a process that was stopped, long before the stall time', async () => {
    const credential = stack().issue('gateway');
    const frozen = await interactive(credential, 'frozen');
    try {
      const sender = await stack().open(stack().issue('manager'), 'frozen');
      sender.hello('manager');
      await frozen.line('stdout', /^paired /);
      frozen.signal('SIGSTOP');
      await stuff(sender);
      await comesBack(credential, 'frozen');
      const line = await stack().service.line('stdout', /"ending":"probe_timeout"/);
      expect(JSON.parse(line)).to.include({ meetup: 'frozen', reason: 'Probe timed out (1 seconds)' });
      expect((await sender.closed).reason).to.equal('the peer websocket disconnected');
    } finally {
      await frozen.stop('SIGKILL');
    }
  });

  it('stays with a reader that pauses when another certificate asks, and it gets everything', async () => {
    const [reader, sender] = await stack().pair('slow');
    reader.ws.pause();
    await stuff(sender);
    expect((await stack().refused(stack().issue('third'), `${PREFIX}slow`)).reason).to.equal('meetup_full');
    reader.ws.resume();
    for (let i = 0; i < STUFFING; i += 1) await reader.next();
  });

  it('stays with a peer that is not read, whose answer cannot be heard', async () => {
    const credential = stack().issue('sender');
    const [sender, reader] = await stack().pair('held', credential, stack().issue('reader'));
    reader.ws.pause();
    await stuff(sender);
    const told = await stack().refused(credential, `${PREFIX}held`);
    expect(told.reason).to.equal('meetup_full');
    reader.ws.resume();
    for (let i = 0; i < STUFFING; i += 1) await reader.next();
  });
});
