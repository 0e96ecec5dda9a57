/**
 * A Manager as it is deployed: Node, `websocket` 1.x under `websocket-as-promised`, the server's certificate unchecked, integer message
 * ids, a top-level `id` beside `message`. Runs on Node 8 with the libraries of its time (`--modules` says where they are), and on
 * current ones. Says what happens on standard output, one JSON object a line, and takes messages on standard input, one a line, without
 * their `messageId`; `{"padTo": N}` sends an event of N bytes in all. The end of it ends the client.
 */

// biome-ignore-start lint/style/useNodejsImportProtocol: Node 8 knows no `node:`.
const { readFileSync } = require('fs');
const { join } = require('path');
const { createInterface } = require('readline');
// biome-ignore-end lint/style/useNodejsImportProtocol: as above

/** Longest message that is told whole, in characters; a longer one is told by its length. */
const MAX_TOLD = 64 * 1024;

const flags = { reconnect: '20' };
for (let at = 2; at < process.argv.length; at += 2) flags[process.argv[at].slice(2)] = process.argv[at + 1];

const { w3cwebsocket: W3cWebSocket } =
  flags.modules === undefined ? require('websocket') : require(join(flags.modules, 'websocket'));
const promised =
  flags.modules === undefined
    ? require('websocket-as-promised')
    : require(join(flags.modules, 'websocket-as-promised'));
const WebSocketAsPromised = promised.default || promised;

const pem = readFileSync(flags.pkeycert, 'utf8');
const tlsOptions = { key: pem, cert: pem, ca: readFileSync(flags.root, 'utf8'), rejectUnauthorized: false };
let nextId = 0;
let over = false;

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

function shown(text) {
  return text.length <= MAX_TOLD ? text : `${text.length} characters`;
}

const wsp = new WebSocketAsPromised(flags.url, {
  createWebSocket: (url) => new W3cWebSocket(url, undefined, undefined, undefined, undefined, { tlsOptions }),
  packMessage: (data) => JSON.stringify(data),
  unpackMessage: (text) => JSON.parse(String(text)),
});

function send(fields) {
  const message = Object.assign({ messageId: nextId++ }, fields);
  const whole = { id: String(Math.random()), message };
  say({ sent: shown(JSON.stringify(whole)) });
  wsp.sendPacked(whole);
}

/** An event whose text has that many bytes. */
function sendPadded(bytes) {
  const message = { messageId: nextId++, messageType: 'EVENT:TEST:padding', requiresResponse: false };
  const whole = (padding) => JSON.stringify({ message: Object.assign({}, message, { messageBody: padding }) });
  const text = whole('x'.repeat(bytes - whole('').length));
  say({ sent: shown(text) });
  wsp.send(text);
}

function connect() {
  nextId = 0;
  wsp.open().then(
    () => {
      say({ connected: flags.url });
      send({
        messageType: 'CONN:HELLO',
        requiresResponse: false,
        peerClass: 'micronets-ws-test-client',
        peerId: '12345678',
      });
    },
    (error) => {
      say({ failed: String(error) });
      again();
    },
  );
}

function again() {
  if (!over) setTimeout(connect, Number(flags.reconnect) * 1000);
}

wsp.onMessage.addListener((text) => say({ received: shown(text) }));
wsp.onClose.addListener(({ code, reason }) => {
  say({ closed: code, reason });
  again();
});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const typed = JSON.parse(line);
    if (typed.padTo === undefined) send(typed);
    else sendPadded(typed.padTo);
  })
  .on('close', () => {
    over = true;
    wsp.close();
  });

connect();
