import { HttpProxyError, httpProxyFor } from '../../peer/http-proxy.js';
import { nameOf } from '../../proxy/transport/dial/tunnel.js';
import { fault, type Judgement, ok, warning } from '../finding.js';
import type { Door } from '../look/door.js';
import { openWay } from '../look/way.js';

/** Does an HTTP proxy of this machine's environment stand in the way of a peer? */
export async function checkPeerProxy(door: Door): Promise<Judgement> {
  const { host, via, viaFault } = door.plan;
  const todo = `add ${host} to NO_PROXY to dial directly, or mend the variable`;
  if (viaFault !== undefined) return fault(viaFault, 'a peer refuses to start with such a variable', todo);
  if (via === undefined) return ok('no HTTP proxy is set for this host');
  const opened = await openWay(door.plan);
  if (opened.t === 'failed') return fault(opened.text, 'every peer that is started here dials through it', todo);
  opened.socket.destroy();
  return ok(`${nameOf(via)} opens the way`);
}

/** The variables that grpc-js obeys, in its order. */
const OF_GRPC = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const;

/** Does one stand in the way of the control commands, which their gRPC library sends through other variables? */
export async function checkOperatorProxy({ plan: { host, port, environment } }: Door): Promise<Judgement> {
  const setting = OF_GRPC.find((name) => environment[name]);
  if (setting === undefined) return ok('no HTTP proxy is set for the control commands');
  const none = environment['no_grpc_proxy'] || environment['no_proxy'] || '';
  if (isExcepted(host, port, none)) return ok(`${setting} is set, and no_proxy names ${host}`);
  return warning(
    `${setting} is set: the control commands dial ${host} through that HTTP proxy`,
    'few HTTP proxies open a way to this port, and the commands then say that nothing answers',
    `export no_proxy=${[none, host].filter((one) => one !== '').join(',')}`,
  );
}

function isExcepted(host: string, port: number, none: string): boolean {
  const url = `wss://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    return httpProxyFor(url, { https_proxy: 'http://proxy.invalid', no_proxy: none }) === undefined;
  } catch (error) {
    if (error instanceof HttpProxyError) return false;
    throw error;
  }
}
