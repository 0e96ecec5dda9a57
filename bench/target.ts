import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { fileFault } from '../proxy/values/file-fault.js';
import type { LinkPlan } from './link.js';

/** The deployment that is measured; plain data, so that it can be handed to another process. */
export interface Target {
  /** `ws:` or `wss:`; each pair meets at a path of its own below this one. */
  readonly url: string;
  /** The answerers' way in, where that is another one. */
  readonly answererUrl?: string;
  /** PEM files; absent for `ws:`. */
  readonly tls?: {
    readonly ca: string;
    /** Certificate and key of each side, in one file or in two. */
    readonly asker: Credential;
    readonly answerer: Credential;
  };
}

export interface Credential {
  readonly cert: string;
  readonly key: string;
}

/** A target as it is dialled: its files are read. */
export interface DialTarget {
  readonly url: URL;
  readonly answererUrl?: URL;
  readonly asker?: SecureContext;
  readonly answerer?: SecureContext;
}

/** Source addresses that connections to loopback are spread over. */
const LOOPBACK_SOURCES = 200;
let dialled = 0;

export async function readTarget(target: Target): Promise<DialTarget> {
  const url = new URL(target.url);
  const ways = { url, ...(target.answererUrl === undefined ? {} : { answererUrl: new URL(target.answererUrl) }) };
  if (target.tls === undefined) return ways;
  const ca = await contentOf(target.tls.ca, '--ca');
  const [asker, answerer] = await Promise.all([target.tls.asker, target.tls.answerer].map((one) => contextOf(one, ca)));
  return { ...ways, ...(asker === undefined || answerer === undefined ? {} : { asker, answerer }) };
}

/** The plan of one connection to a meetup. */
export function planOf(target: DialTarget, side: 'asker' | 'answerer', meetup: string): LinkPlan {
  const url = new URL((side === 'answerer' ? target.answererUrl : undefined) ?? target.url);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${meetup}`;
  const context = target[side];
  dialled += 1;
  return {
    url,
    ...(context === undefined ? {} : { context }),
    ...(url.hostname === '127.0.0.1' ? { localAddress: `127.0.0.${2 + (dialled % LOOPBACK_SOURCES)}` } : {}),
  };
}

async function contextOf(credential: Credential, ca: Buffer): Promise<SecureContext> {
  const [cert, key] = await Promise.all([contentOf(credential.cert, '--cert'), contentOf(credential.key, '--key')]);
  return createSecureContext({ ca, cert, key });
}

/** Throws with one line that names the file and its option. */
async function contentOf(file: string, option: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`${file}: ${fileFault(error)} (${option})`);
  }
}
