/**
 * A Manager as it is deployed: Node, `websocket` 1.x under `websocket-as-promised`, the server's certificate unchecked, integer message
 * ids, a top-level `id` beside `message`. Says what happens on standard output, one JSON object a line, and takes messages on
 * standard input, one a line, without their `messageId`; the end of it ends the client.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import WebSocketAsPromised from 'websocket-as-promised';

/** What is used of `websocket`, which brings no types of its own. */
interface WebsocketPackage {
  readonly w3cwebsocket: new (
    url: string,
    protocols: undefined,
    origin: undefined,
    headers: undefined,
    requestOptions: undefined,
    clientConfig: { readonly tlsOptions: object },
  ) => WebSocket;
}

const { w3cwebsocket: W3cWebSocket } = createRequire(import.meta.url)('websocket') as WebsocketPackage;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    pkeycert: { type: 'string', default: '' },
    root: { type: 'string', default: '' },
    /** Seconds between a close and the next try. */
    reconnect: { type: 'string', default: '20' },
  },
});

const pem = readFileSync(values.pkeycert, 'utf8');
const tlsOptions = { key: pem, cert: pem, ca: readFileSync(values.root, 'utf8'), rejectUnauthorized: false };
let nextId = 0;
let over = false;

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

const wsp = new WebSocketAsPromised(values.url, {
  createWebSocket: (url) => new W3cWebSocket(url, undefined, undefined, undefined, undefined, { tlsOptions }),
  packMessage: (data: unknown) => JSON.stringify(data),
  unpackMessage: (text) => JSON.parse(String(text)) as unknown,
  extractMessageData: (event: MessageEvent) => event.data as unknown,
});

function send(message: object): void {
  const whole = { id: String(Math.random()), message: { messageId: nextId++, ...message } };
  say({ sent: JSON.stringify(whole) });
  wsp.sendPacked(whole);
}

async function connect(): Promise<void> {
  nextId = 0;
  try {
    await wsp.open();
    say({ connected: values.url });
    send({
      messageType: 'CONN:HELLO',
      requiresResponse: false,
      peerClass: 'micronets-ws-test-client',
      peerId: '12345678',
    });
  } catch (error) {
    say({ failed: String(error) });
    again();
  }
}

function again(): void {
  if (!over) setTimeout(() => void connect(), Number(values.reconnect) * 1000);
}

wsp.onMessage.addListener((text: string) => say({ received: text }));
wsp.onClose.addListener(({ code, reason }: { code: number; reason: string }) => {
  say({ closed: code, reason });
  again();
});

createInterface({ input: process.stdin })
  .on('line', (line) => send(JSON.parse(line) as object))
  .on('close', () => {
    over = true;
    void wsp.close();
  });

await connect();
