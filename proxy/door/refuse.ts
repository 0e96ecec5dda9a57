import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../wire/close.js';

/** Makes the JSON body of a refusal, for peers and people. */
export function refusalBody(told: Refusal): string {
  const { label: reason, text: message, retry, retryAfter } = told;
  return `${JSON.stringify({ error: { reason, message, retry, ...(retryAfter === undefined ? {} : { retryAfter }) } })}\n`;
}

/** Makes the headers of a refusal. */
export function refusalHeaders(told: Refusal, body: string): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...(told.retryAfter === undefined ? {} : { 'Retry-After': String(told.retryAfter) }),
    ...(told.status === 426 ? { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' } : {}),
  };
}

/** Answers an upgrade with the refusal, before the 101, and ends the connection. */
export function refuseUpgrade(raw: Duplex, told: Refusal, more: Readonly<Record<string, string>> = {}): void {
  const body = refusalBody(told);
  const head = [`HTTP/1.1 ${told.status} ${STATUS_CODES[told.status] ?? ''}`];
  for (const [name, value] of Object.entries({ ...refusalHeaders(told, body), ...more }))
    head.push(`${name}: ${value}`);
  raw.once('finish', () => raw.destroy());
  raw.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
