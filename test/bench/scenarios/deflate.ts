import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '../child.js';
import type { DeflateCost } from '../deflate.js';
import type { Scenario } from '../scenario.js';

const TIMEOUT_MS = 60_000;
const KIB = 1024;

export const deflate: Scenario = {
  name: 'deflate',
  about: 'what permessage-deflate would cost, which is never agreed to',
  usual: false,
  async run() {
    const dir = await mkdtemp(join(tmpdir(), 'ws-bench-deflate-'));
    const script = fileURLToPath(new URL('../deflate.js', import.meta.url));
    const child = new Child({ name: 'deflate', args: ['--expose-gc', script], log: join(dir, 'log') });
    try {
      const cost = await child.next((message) => message as DeflateCost, TIMEOUT_MS);
      const detail = `${cost.plain} bytes become ${cost.deflated}`;
      return {
        rows: [
          { what: 'permessage-deflate: CPU a message', value: cost.cpuUs, unit: 'µs', detail },
          {
            what: 'permessage-deflate: memory a connection',
            value: cost.bytesEach / KIB,
            unit: 'KiB',
            detail: 'inflating and deflating context, resident',
          },
        ],
        data: cost,
      };
    } finally {
      await child.stop();
      await rm(dir, { recursive: true });
    }
  },
};
