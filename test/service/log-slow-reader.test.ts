import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { MAX_LOG_BACKLOG_BYTES } from '../../proxy/telemetry/logs/logger.js';

const LINES = 20_000;
/** More than what the backlog, one gathering, the pipe and the stream of its reader may hold. */
const MOST_HELD_BYTES = MAX_LOG_BACKLOG_BYTES + 8 * 65_536;

const logger = new URL('../../proxy/telemetry/logs/logger.js', import.meta.url);
const program = `
  import { writeSync } from 'node:fs';
  import { startLog } from ${JSON.stringify(logger.href)};
  const log = startLog('info', 'json');
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (let number = 0; number < ${LINES}; number += 1) {
    log.logger.info({ number, filler: 'ä'.repeat(100) }, 'line');
    if (number % 100 === 0) await new Promise(setImmediate);
  }
  process.once('exit', () => writeSync(2, JSON.stringify(log.source.samples())));
  process.send('written');
  await new Promise((resolve) => process.once('message', resolve));
  process.disconnect();
`;

describe('service: a log that nobody reads', () => {
  it('keeps a bounded part of the lines, whole and in their order, and counts each of the others', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    await once(child, 'message');
    child.send('read');
    const { stdout, stderr } = child;
    assert(stdout !== null && stderr !== null);
    const [written, samples] = await Promise.all([text(stdout), text(stderr)]);
    const dropped = Number(/"value":(\d+)/.exec(samples)?.[1]);
    const numbers = written
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { number: number }).number);
    assert(dropped > 0, samples);
    assert.equal(numbers.length + dropped, LINES);
    assert(Buffer.byteLength(written) <= MOST_HELD_BYTES, `${Buffer.byteLength(written)} bytes`);
    assert.deepEqual(
      numbers,
      numbers.toSorted((one, other) => one - other),
    );
  });
});
