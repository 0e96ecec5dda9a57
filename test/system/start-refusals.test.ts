import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeDevelopmentPki } from '../../certs/development.js';
import { Scratch } from '../support/scratch.js';
import { type StartedProxy, startProxy } from '../support/started-proxy.js';

describe('npm start: what it refuses, and what it keeps', function () {
  this.timeout(30_000);
  let scratch: Scratch;
  let proxy: StartedProxy;

  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(async () => {
    proxy.process.kill('SIGKILL');
    await proxy.ended;
    scratch.remove();
  });

  async function refusal(runDir: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
    proxy = await startProxy(env, runDir);
    expect((await proxy.ended).code).to.equal(1);
    return proxy.lines;
  }

  const elsewhere = 'set WS_PROXY_RUN_DIR to a folder that this user may make';
  for (const [dir, why] of [
    ['/proc/ws-proxy', 'the system makes no folders there'],
    ['/sys/ws-proxy', '(this user may not|the place is read-only)'],
    ['/dev/null/run', 'a file is in the way'],
    ['/dev/null', 'a file is in the way'],
    [`/tmp/${'x'.repeat(300)}`, 'the name is too long'],
  ] as const) {
    it(`says in one line that ${dir.slice(0, 20)} can't be the run directory`, async () => {
      const lines = await refusal(dir);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(new RegExp(`^error: ${dir} can't be made \\(${why}\\): ${elsewhere}$`));
    });
  }

  it('names what is in the way inside of the run directory', async () => {
    await mkdir(scratch.path('certs'));
    scratch.write('log', '');
    expect((await refusal(scratch.directory)).at(-1)).to.equal(
      `error: ${scratch.path('log')} can't be used (a file is in the way): mend that, or set WS_PROXY_RUN_DIR to another folder`,
    );
  });

  it('takes no folder that holds other files, and leaves it as it is', async () => {
    scratch.write('letter.txt', 'x');
    const { mode } = await stat(scratch.directory);
    expect(await refusal(scratch.directory)).to.deep.equal([
      `error: ${scratch.directory} holds other files: set WS_PROXY_RUN_DIR to a folder of its own, such as one in it`,
    ]);
    expect((await stat(scratch.directory)).mode).to.equal(mode);
    expect(await readdir(scratch.directory)).to.deep.equal(['letter.txt']);
  });

  it("names the server's key when it is empty", async () => {
    const certs = scratch.path('certs');
    await makeDevelopmentPki(certs);
    await writeFile(join(certs, 'server.key.pem'), '');
    expect(await refusal(scratch.directory)).to.deep.equal([
      `error: ${certs}/server.key.pem: the file is empty; put the right one in its place, or delete it`,
    ]);
    await rm(join(certs, 'server.key.pem'));
    proxy = await startProxy({}, scratch.directory);
    await proxy.ready;
    proxy.process.kill('SIGTERM');
    expect((await proxy.ended).code).to.equal(0);
  });

  it('keeps the logs of three runs, and starts that fail cost none of them', async () => {
    const log = scratch.path('log/service.log');
    const read = (ending: string): Promise<string> => readFile(`${log}${ending}`, 'utf8');
    const texts: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      proxy = await startProxy({}, scratch.directory);
      await proxy.ready;
      proxy.process.kill('SIGTERM');
      expect((await proxy.ended).code).to.equal(0);
      texts.unshift(await read(''));
    }
    expect(await read('.1')).to.equal(texts[1]);
    for (let fault = 0; fault < 4; fault += 1) {
      await refusal(scratch.directory, { WS_PROXY_MAX_CONNECTIONS: `none ${fault}` });
      expect(await read('')).to.include(`none ${fault}`);
      expect([await read('.1'), await read('.2')]).to.deep.equal(texts);
    }
    expect(await read('.failed')).to.include('none 2');
    expect(existsSync(`${log}.3`)).to.equal(false);
  });
});
