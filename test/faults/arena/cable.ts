import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Addresses at the two ends; each is in a network that has nothing but this cable (RFC 2544 keeps them for such). */
const HUB = '198.18.0.1';
const FAR = '198.18.0.2';

/**
 * A cable between the networks of two processes, each of which has a network of its own. Networks and cable go with the processes, so
 * nothing of it is left behind however they end.
 */
export class Cable {
  readonly #hub: number;
  readonly #far: number;
  readonly hubAddress = HUB;

  /** @param hub the process in whose network the proxy is */
  constructor(hub: number, far: number) {
    this.#hub = hub;
    this.#far = far;
  }

  /** What stands before a command that is to run in the hub's network. */
  get within(): readonly string[] {
    return ['nsenter', `--net=/proc/${this.#hub}/ns/net`, '--'];
  }

  async plug(): Promise<void> {
    await this.#ip(
      this.#hub,
      'link',
      'add',
      'cable0',
      'type',
      'veth',
      'peer',
      'name',
      'cable1',
      'netns',
      String(this.#far),
    );
    for (const [pid, device, address] of [
      [this.#hub, 'cable0', HUB],
      [this.#far, 'cable1', FAR],
    ] as const) {
      await this.#ip(pid, 'address', 'add', `${address}/30`, 'dev', device);
      for (const one of ['lo', device]) await this.#ip(pid, 'link', 'set', one, 'up');
    }
  }

  /** Pulls it out at the hub, so that the far end loses its carrier as well, or puts it in again. */
  async set(state: 'up' | 'down'): Promise<void> {
    await this.#ip(this.#hub, 'link', 'set', 'cable0', state);
  }

  async #ip(pid: number, ...args: readonly string[]): Promise<void> {
    await run('nsenter', [`--net=/proc/${pid}/ns/net`, '--', 'ip', ...args]);
  }
}
