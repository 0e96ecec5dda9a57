import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ROOT } from '../support/sources.js';
import { tell } from '../support/tools.js';

/** A text that clears the screen, reverses the line and forges another line when it reaches a terminal unchanged. */
const EVIL = 'x\u009b2J\u202e\u2028';
const SAFE = 'x\\u{9b}2J\\u{202e}\\u{2028}';

const run = (...words: readonly string[]) => tell(process.execPath, ['bin/ws-proxy.js', ...words], { cwd: ROOT });

describe('what a command repeats of others', function () {
  // Programs start.
  this.timeout(30_000);

  for (const words of [
    ['peer', 'interactive', '--url', 'wss://localhost:1/micronets/v1/ws-proxy/a', '--ca', EVIL, '--cert', EVIL],
    ['explain', EVIL, '/micronets/v1/ws-proxy/a', '--policy', EVIL],
    ['certs', 'show', '--dir', `/proc/${EVIL}`],
    ['serve', '--listen', `unix:/proc/${EVIL}`, '--policy', 'any-verified'],
    ['sessions', 'list', '--cert', EVIL, '--key', EVIL, '--ca', EVIL],
  ]) {
    it(`steers no terminal in an error of ${words[0]}`, async () => {
      const { code, output } = await run(...words);
      expect(code, output).to.be.greaterThan(0);
      expect(output)
        .to.contain(SAFE)
        .and.not.match(/[\u009b\u202e\u2028]/);
    });
  }

  it('steers no terminal with what answers a health check', async () => {
    const server = createServer((_request, response) => response.writeHead(503).end(EVIL)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const { output } = await run('healthcheck', '--url', `http://127.0.0.1:${port}/`);
      expect(output)
        .to.contain(`503 ${SAFE.replace('\\u{2028}', '')}`)
        .and.not.match(/[\u009b\u202e\u2028]/);
    } finally {
      server.close();
    }
  });
});
