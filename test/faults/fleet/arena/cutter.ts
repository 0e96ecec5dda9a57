/**
 * Cables between processes of one machine, as a process of its own. A cable that is cut passes nothing, neither bytes nor their end,
 * and nobody is told: what was sent waits, as TCP keeps it while its packets are lost, and goes on when the cable is mended.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Cut, type CutterOrder, type CutterWord, isCut } from './cutter-order.js';
import { Diallers } from './diallers.js';

interface Line {
  /** Undefined until somebody has to know. */
  from: string | undefined;
  readonly to: string;
  readonly target: number;
  readonly near: Socket;
  /** Undefined until it was dialled, which a cut keeps from happening. */
  far?: Socket;
}

const lines = new Set<Line>();
/** Those that listen, by the end that is dialled. */
const servers = new Map<string, Server[]>();
let pids: Readonly<Record<string, number>> = {};
let between: readonly Cut[] = [];

const orders = createInterface({ input: process.stdin });
orders.on('line', (text) => {
  void obey(JSON.parse(text) as CutterOrder)
    .catch((error: Error): CutterWord => ({ fault: error.message }))
    .then((word) => process.stdout.write(`${JSON.stringify(word)}\n`));
});
// Whoever gave the orders is gone.
orders.on('close', () => process.exit());

async function obey(order: CutterOrder): Promise<CutterWord> {
  switch (order.t) {
    case 'open':
      await open(order);
      return {};
    case 'shut':
      // Those who are connected stay, and are not waited for.
      for (const server of servers.get(order.to)?.splice(0) ?? []) server.close();
      return {};
    case 'name':
      pids = order.pids;
      return {};
    case 'cut':
      between = order.between;
      if (between.length > 0) find(lines);
      for (const line of lines) settle(line);
      return {};
  }
}

async function open({ to, from: known, port, target }: Extract<CutterOrder, { readonly t: 'open' }>): Promise<void> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (near) => {
    near.on('error', () => {});
    const line: Line = { from: known, to, target, near };
    if (between.length > 0) find([line]);
    lines.add(line);
    near.once('close', (isBroken) => over(line, near, isBroken));
    settle(line);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  servers.set(to, [...(servers.get(to) ?? []), server]);
}

/** Finds out who dialled these. */
function find(some: Iterable<Line>): void {
  const unknown = [...some].filter(({ from }) => from === undefined);
  if (unknown.length === 0) return;
  const diallers = new Diallers(pids);
  for (const line of unknown) line.from = diallers.of(line.near);
}

/** Has the line as the cuts say. */
function settle(line: Line): void {
  const { from = '', to, near, far } = line;
  if (isCut(between, from, to)) {
    near.pause();
    far?.pause();
    return;
  }
  if (far === undefined) {
    dial(line);
    return;
  }
  if (!far.writableNeedDrain) near.resume();
  if (!near.writableNeedDrain) far.resume();
}

function dial(line: Line): void {
  const far = connect({ host: '127.0.0.1', port: line.target, allowHalfOpen: true, noDelay: true });
  line.far = far;
  far.on('error', () => {});
  far.once('close', (isBroken) => over(line, far, isBroken));
  lead(line, line.near, far);
  lead(line, far, line.near);
  far.once('connect', () => settle(line));
}

function lead(line: Line, source: Socket, sink: Socket): void {
  source.on('data', (data) => {
    if (!sink.write(data)) source.pause();
  });
  source.once('end', () => sink.end());
  sink.on('drain', () => settle(line));
}

/** One end has gone. One that broke off, or went with the other still open, takes that with it. */
function over(line: Line, gone: Socket, isBroken: boolean): void {
  const { near, far } = line;
  const other = gone === near ? far : near;
  if (other === undefined || other.destroyed) lines.delete(line);
  else if (isBroken || !other.writableEnded) other.resetAndDestroy();
}
