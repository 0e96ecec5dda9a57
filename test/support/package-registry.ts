import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './sources.js';

const run = promisify(execFile);
/** Bytes of the largest package that is served. */
const MAX_ARCHIVE = 64 * 1024 * 1024;

/** A registry of npm packages on loopback that has those of this project's `node_modules`, and no network behind it. */
export class PackageRegistry {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<PackageRegistry> {
    const server = createServer((request, response) => {
      const path = decodeURIComponent(request.url ?? '/');
      const { host = '' } = request.headers;
      const answer = path.startsWith('/-/archive/')
        ? archive(path.slice('/-/archive/'.length))
        : packument(path.slice(1), host);
      answer.then(
        (body) => response.end(body),
        () => response.writeHead(404).end('{}'),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PackageRegistry(server);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** What npm is told of a package: each version of it that is installed here. */
async function packument(name: string, host: string): Promise<string> {
  const versions: Record<string, unknown> = {};
  for (const place of placesOf(name)) {
    const manifest = JSON.parse(readFileSync(join(ROOT, place, 'package.json'), 'utf8')) as { version: string };
    const tarball = `http://${host}/-/archive/${encodeURIComponent(place)}`;
    versions[manifest.version] = { ...manifest, dist: { tarball } };
  }
  const latest = Object.keys(versions).at(-1);
  if (latest === undefined) throw new Error(`${name} is not installed here`);
  return JSON.stringify({ name, 'dist-tags': { latest }, versions });
}

/** The folders in which versions of a package are installed. */
function placesOf(name: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: object };
  return Object.keys(packages).filter((place) => place.endsWith(`node_modules/${name}`));
}

async function archive(place: string): Promise<Buffer> {
  const args = ['-cz', '-C', join(ROOT, place), '--exclude=./node_modules', '--transform=s,^\\.,package,', '.'];
  const { stdout } = await run('tar', args, { encoding: 'buffer', maxBuffer: MAX_ARCHIVE });
  return stdout;
}
