import type { IncomingMessage } from 'node:http';

/** Names that nobody can have in the public DNS: names without a dot, or below a name that is reserved for private use. */
const PRIVATE_NAME = '[a-z0-9_-]+|[a-z0-9_.-]+\\.(?:localhost|local|internal|svc)';
const ADDRESS = '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+\\]';

/**
 * Pattern of the `Host` headers that no web page of another site can send: an address, a private name, or one of the names given.
 * A site whose name resolves to an address of this network (DNS rebinding) sends its own name. The pattern is for the whole header,
 * without regard to case, and works in Node and in RE2.
 */
export function ownHosts(names: readonly string[]): string {
  if (names.includes('any')) return '.*';
  const given = names.map((name) => name.toLowerCase().replaceAll('.', '\\.'));
  return `(?:${[ADDRESS, PRIVATE_NAME, ...given].join('|')})\\.?(?::[0-9]{1,5})?`;
}

/** Returns the reason for not answering a request; undefined when it may be answered. A client without a Host is not a browser. */
export function hostGuard(names: readonly string[]): (request: IncomingMessage) => string | undefined {
  const own = new RegExp(`^${ownHosts(names)}$`, 'i');
  return ({ headers: { host } }) => {
    if (host === undefined || own.test(host)) return undefined;
    return 'this Host is not one of ours: ask by an address, or name the host in --metrics-names';
  };
}
