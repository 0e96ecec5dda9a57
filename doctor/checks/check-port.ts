import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Answer } from '../look/ask.js';
import type { Door, DoorPlan } from '../look/door.js';
import type { Shown } from '../look/tls-look.js';
import type { Failed } from '../look/way.js';

/** The looks at one port. */
export interface PortLook {
  readonly shown: Shown | Failed;
  /** Its answer over TLS; undefined where no TLS handshake succeeded. */
  readonly greeting: Answer | Failed | undefined;
  /** True when it answers HTTP without TLS. */
  readonly plain: boolean;
}

/** Does the right thing listen there? */
export async function checkPort(door: Door): Promise<Judgement> {
  const shown = await door.shown();
  const isTls = shown.t === 'shown';
  const greeting = isTls ? await door.greeting() : undefined;
  const plain = !isTls && isUnspoken(shown.code) && (await door.plain());
  return judgePort(door.plan, { shown, greeting, plain });
}

const NAMES = { peers: "the peers' port", control: "the control API's port" } as const;
const USUAL = { peers: 5050, control: 5051 } as const;

export function judgePort(plan: Pick<DoorPlan, 'view' | 'host' | 'port' | 'timeout'>, look: PortLook): Judgement {
  const { host, port, view, timeout } = plan;
  const { shown, greeting, plain } = look;
  const where = `${host}:${port}`;
  const wanted = view === 'peer' ? 'peers' : 'control';
  const other = wanted === 'peers' ? 'control' : 'peers';
  const none = 'no connection comes about';
  if (plain) {
    const todo = `name ${NAMES[wanted]}, ${USUAL[wanted]} unless set otherwise; 9464 and 9901 are the pages for this host alone`;
    return fault(`${where} speaks HTTP without TLS: something else listens there`, none, todo);
  }
  if (shown.t === 'failed' && /^(?:ENOTFOUND|EAI_AGAIN)$/.test(shown.code))
    return notChecked('the name is not known: see name');
  if (shown.t === 'failed') return fault(`${where}: ${shown.text}`, none, adviceFor(shown.code, wanted, timeout));
  const swap = `put ${USUAL[wanted]}, or what ${wanted === 'peers' ? 'WS_PROXY_PORT' : 'WS_PROXY_CONTROL_PORT'} says, in the place of ${port}`;
  if (greeting?.t !== 'answered') {
    if (greeting?.code === 'TIMEOUT') {
      const todo = 'look at Envoy there: curl http://127.0.0.1:9901/ready, and its log';
      return fault(`${where} speaks TLS, and gives ${greeting.text}`, none, todo);
    }
    if (wanted === 'control' || shown.protocol !== 'h2') return ok(`${where} listens and speaks TLS`);
    const what = `${where} offers HTTP/2, as the control API's port does and the peers' does not`;
    return warning(what, 'a peer can only be paired at the peers’ port', swap);
  }
  if (greeting.kind === wanted) return ok(`${where} is ${NAMES[wanted]} of a ws-proxy`);
  if (greeting.kind === other) return fault(`${where} is ${NAMES[other]}, not ${NAMES[wanted]}`, none, swap);
  return fault(
    `${where} answers ${greeting.reason}, and not as a ws-proxy does`,
    'another server, or a load balancer that ends TLS itself, stands there: identities then never reach the proxy',
    'dial the Envoy of the proxy itself, or have the load balancer pass TCP through',
  );
}

/** Codes behind which a server can stand that speaks no TLS. */
function isUnspoken(code: string): boolean {
  return /^(?:EPROTO|ECONNRESET|TIMEOUT|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|TLSV1_ALERT_PROTOCOL_VERSION))$/.test(
    code,
  );
}

function adviceFor(code: string, wanted: 'peers' | 'control', timeout: number): string {
  if (code === 'ECONNREFUSED') {
    return `start the proxy there (npm start, systemctl start ws-proxy.target), or name its port: ${NAMES[wanted]} is ${USUAL[wanted]} unless set otherwise`;
  }
  if (code === 'TIMEOUT' || code === 'ETIMEDOUT') {
    return `look for a firewall between here and there; for a slow line, wait longer: --timeout ${(2 * timeout) / 1000}s`;
  }
  if (/^E(?:HOST|NET)UNREACH$/.test(code)) return 'look at the route to the host: ip route get ADDRESS';
  if (code.startsWith('HTTP_')) return 'have the HTTP proxy open a way there, or name the host in NO_PROXY';
  return "look at Envoy's log there: it has a line for each handshake that failed";
}
