import { createInterface } from 'node:readline';
import { escapedJson } from '../proxy/wire/json-text.js';
import type { PeerConnection } from './connection.js';
import { jsonFault } from './json-fault.js';
import { RequestFailure } from './request-failure.js';

/** The input and output of an interactive peer. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  /** One message. */
  print(text: string): void;
  /** One line about what went wrong. */
  complain(text: string): void;
  /** Whether a person reads: JSON is then spread over lines. */
  readonly pretty: boolean;
}

/**
 * Sends what is typed, one JSON message a line, and prints what arrives until `signal` fires. Resolves when the input ends, which
 * does not end the printing: answers to piped input come after it.
 */
export async function interact(peer: PeerConnection, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const undo = peer.observe({ message: (data, binary) => terminal.print(shown(data, binary, terminal.pretty)) });
  signal.addEventListener('abort', undo, { once: true });
  let number = 0;
  for await (const line of createInterface({ input: terminal.input, signal })) {
    number += 1;
    if (line.trim() === '') continue;
    const problem = sendLine(peer, line, number);
    if (problem !== undefined) terminal.complain(problem);
  }
}

function sendLine(peer: PeerConnection, line: string, number: number): string | undefined {
  const fault = jsonFault(line);
  if (fault !== undefined) return `not sent: line ${number}, column ${fault.column}: not JSON: ${fault.problem}`;
  try {
    peer.send(line.trim());
    return undefined;
  } catch (error) {
    if (error instanceof RequestFailure) return `not sent: line ${number}: ${error.message} (${error.reason})`;
    throw error;
  }
}

/**
 * A message that is not JSON is shown as JSON all the same, so that each line of the output is one message. A message on one line
 * is shown as it came, but for characters that steer a terminal; JSON has those in strings only.
 */
function shown(data: Buffer, binary: boolean, pretty: boolean): string {
  if (binary) return JSON.stringify({ binary: data.toString('base64') });
  const text = data.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    const isOneLine = !/[\r\n]/.test(text);
    return escapedJson(isOneLine && !pretty ? text : JSON.stringify(value, null, pretty ? 2 : 0));
  } catch {
    return escapedJson(JSON.stringify({ text }));
  }
}
