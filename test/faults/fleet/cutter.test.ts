import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { Scratch } from '../../support/scratch.js';
import { freeRun } from '../arena/free-ports.js';
import { isWanted } from '../form.js';
import { type CableEnds, isCut } from './arena/cutter-order.js';
import { CutterProcess } from './arena/cutter-process.js';

/** A socket whose bytes are kept. */
class Kept {
  readonly socket: Socket;
  #text = '';
  #look: () => void = () => {};
  readonly closed: Promise<string>;

  constructor(socket: Socket) {
    this.socket = socket;
    let how = 'ended';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
      this.#look();
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      how = String(code);
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve(how)));
  }

  get text(): string {
    return this.#text;
  }

  async until(text: string): Promise<void> {
    while (!this.#text.endsWith(text)) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}

if (isWanted('short'))
  describe('the cutter', function () {
    this.timeout(20_000);
    const scratch = new Scratch();
    let cutter: CutterProcess;
    let server: Server;
    const accepted: Kept[] = [];

    beforeEach(async () => {
      cutter = new CutterProcess(scratch.path('cutter.log'), process.env);
      server = createServer((socket) => accepted.push(new Kept(socket)));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterEach(async () => {
      for (const { socket } of accepted.splice(0)) socket.destroy();
      server.close();
      await cutter.stop();
    });
    after(() => scratch.remove());

    async function lay(ends: CableEnds, target: number): Promise<number> {
      const [port = 0] = await freeRun(1);
      await cutter.open(ends, port, target);
      return port;
    }

    function target(): number {
      return (server.address() as AddressInfo).port;
    }

    function dial(port: number): Kept {
      return new Kept(connect(port, '127.0.0.1'));
    }

    async function far(): Promise<Kept> {
      if (accepted.length === 0) await once(server, 'connection');
      const [kept] = accepted;
      if (kept === undefined) throw new Error('nobody came');
      return kept;
    }

    /** Resolves when a cable that nobody cut has passed what came to the cutter after all that came before. */
    async function passed(): Promise<void> {
      const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
      await once(echo, 'listening');
      const near = dial(await lay({ from: 'any', to: 'other' }, (echo.address() as AddressInfo).port));
      for (const word of ['1', '2', '3']) {
        near.socket.write(word);
        await near.until(word);
      }
      near.socket.destroy();
      echo.close();
    }

    it('passes bytes and ends both ways', async () => {
      const near = dial(await lay({ from: 'one', to: 'two' }, target()));
      near.socket.write('there');
      const other = await far();
      await other.until('there');
      other.socket.write('back');
      await near.until('back');
      near.socket.end('last');
      expect([await other.closed, await near.closed]).to.deep.equal(['ended', 'ended']);
      expect(other.text).to.equal('therelast');
    });

    it('passes a reset on', async () => {
      const near = dial(await lay({ from: 'one', to: 'two' }, target()));
      near.socket.write('there');
      const other = await far();
      await other.until('there');
      other.socket.resetAndDestroy();
      expect(await near.closed).to.equal('ECONNRESET');
    });

    it('tells nobody of a cut: bytes and ends wait until it is mended', async () => {
      const near = dial(await lay({ from: 'one', to: 'two' }, target()));
      near.socket.write('a');
      const other = await far();
      await other.until('a');
      await cutter.cut(['two', '*']);
      near.socket.write('b');
      other.socket.end('c');
      await passed();
      expect([other.text, near.text, near.socket.destroyed]).to.deep.equal(['a', '', false]);
      await cutter.cut();
      await Promise.all([other.until('b'), near.until('c')]);
      expect([await other.closed, await near.closed]).to.deep.equal(['ended', 'ended']);
    });

    it('lets nobody through who dials a cut cable, until it is mended', async () => {
      const port = await lay({ from: 'one', to: 'two' }, target());
      await cutter.cut(['one', 'two']);
      const near = dial(port);
      near.socket.write('late');
      await passed();
      expect(accepted).to.deep.equal([]);
      await cutter.cut();
      await (await far()).until('late');
    });

    it('knows who dials a cable by the process', async () => {
      const port = await lay({ to: 'two' }, target());
      await cutter.name({ nobody: 1, 'this test': process.pid });
      await cutter.cut(['nobody', 'two']);
      const near = dial(port);
      near.socket.write('a');
      const other = await far();
      await other.until('a');
      await cutter.cut(['two', 'this test']);
      near.socket.write('b');
      await passed();
      expect(other.text).to.equal('a');
    });

    it('refuses who dials an end where nobody listens, and leaves those who are connected', async () => {
      const port = await lay({ from: 'one', to: 'two' }, target());
      const near = dial(port);
      near.socket.write('a');
      const other = await far();
      await other.until('a');
      await cutter.shut('two');
      expect(await dial(port).closed).to.equal('ECONNREFUSED');
      near.socket.write('b');
      await other.until('b');
    });

    it('says that it has ended, and why an order failed', async () => {
      await cutter.stop();
      const fault = await cutter.cut().then(String, String);
      expect(fault).to.equal('Error: the cutter has ended');
    });

    it('cuts between two whichever dials, and nobody from themselves', () => {
      expect(isCut([['a', 'b']], 'b', 'a')).to.equal(true);
      expect(isCut([['a', '*']], 'c', 'a')).to.equal(true);
      expect(isCut([['a', 'b']], 'a', 'c')).to.equal(false);
      expect(isCut([], 'a', 'b')).to.equal(false);
    });
  });
