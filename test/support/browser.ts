import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Tab } from './browser-tab.js';
import { DevTools } from './dev-tools.js';

/** Debian's Chromium, unless the environment names another. */
const CHROMIUM = process.env['CHROMIUM_BIN'] ?? 'chromium';

const FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

/** The look of a tab. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A real Chromium with an empty profile of its own. */
export class Browser {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #tools: DevTools;

  private constructor(child: ChildProcess, profile: string, tools: DevTools) {
    this.#child = child;
    this.#profile = profile;
    this.#tools = tools;
  }

  /** @param pin SHA-256 of a key, base64: a server that has it is trusted without a CA */
  static async launch(pin?: string): Promise<Browser> {
    const profile = await mkdtemp(join(tmpdir(), 'wsp-chromium-'));
    const trust = pin === undefined ? [] : [`--ignore-certificate-errors-spki-list=${pin}`];
    const child = spawn(CHROMIUM, [...FLAGS, ...trust, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      return new Browser(child, profile, await DevTools.connect(await addressOf(child)));
    } catch (error) {
      child.kill('SIGKILL');
      await rm(profile, { recursive: true, force: true });
      throw error;
    }
  }

  /** Opens a page in a tab of its own; complaints of the page are kept from the first byte on. */
  async open(url: string, { width = 1280, height = 900, scheme = 'light' }: Look = {}): Promise<Tab> {
    const { targetId } = await this.#tools.ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#tools.ask<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const tab = new Tab(this.#tools, sessionId);
    await tab.prepare(width, height, scheme);
    await tab.go(url);
    return tab;
  }

  /** Ends it and removes its profile. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'close');
    await this.#tools.ask('Browser.close', {});
    await ended;
    this.#tools.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The line in which Chromium says where it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the output of chromium is not piped');
  await Promise.race([
    once(child, 'spawn'),
    once(child, 'error').then(([error]: unknown[]) => {
      throw new Error(`${CHROMIUM} does not start (${String(error)}): apt-get install chromium, or set CHROMIUM_BIN`);
    }),
  ]);
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /^DevTools listening on (ws:.*)$/.exec(line)?.[1];
    if (address !== undefined) {
      child.stderr.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`chromium ended before it listened:\n${said.join('\n')}`);
}
