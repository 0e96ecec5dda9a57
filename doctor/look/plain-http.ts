import { openWay, type Way } from './way.js';

/** The beginning of every answer of HTTP/1. */
const START = 'HTTP/';

/** Whether what listens there answers HTTP without TLS. */
export async function saysPlainHttp(way: Way): Promise<boolean> {
  const opened = await openWay(way);
  if (opened.t === 'failed') return false;
  const { socket } = opened;
  try {
    return await new Promise<boolean>((resolve) => {
      let text = '';
      socket.setTimeout(way.timeout, () => resolve(false));
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
        if (text.length >= START.length) resolve(text.startsWith(START));
      });
      socket.once('close', () => resolve(false));
      socket.write(`GET / HTTP/1.1\r\nHost: ${way.host}\r\nConnection: close\r\n\r\n`);
    });
  } finally {
    socket.destroy();
  }
}
