import { productVersion } from '../../proxy/config/version.js';
import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import { type ControlLook, controlLook } from '../look/control-look.js';
import type { Door } from '../look/door.js';
import { judgeNode } from './supported.js';

const UNTOLD = 'the control API did not say: see rights';

/** Does the control API answer this certificate, and with which rights? */
export async function checkRights(door: Door): Promise<Judgement> {
  return judgeRights(await controlLook(door), door.plan.files.cert);
}

export function judgeRights(look: ControlLook, certificate: string): Judgement {
  if (look.t === 'told') return ok(`the certificate has the rights ${look.answer.caller_rights.join(', ')}`);
  const todo = look.denied
    ? `give it rights in the section "control" of the policy file, or use another with --cert; what the policy sees: ws-proxy certs show ${certificate}`
    : 'mend first what is found wrong above';
  return fault(look.text, 'no control command works with this certificate from here', todo);
}

/** Does the replica take newcomers? */
export async function checkReplica(door: Door): Promise<Judgement> {
  return judgeReplica(await controlLook(door));
}

export function judgeReplica(look: ControlLook): Judgement {
  if (look.t === 'untold') return notChecked(UNTOLD);
  const { server } = look.answer;
  if (server === null) return notChecked(UNTOLD);
  const { replica, drain_state: state, connections, waiting_sessions: waiting, paired_sessions: paired } = server;
  if (state !== 'DRAIN_STATE_SERVING') {
    const todo = 'ws-proxy drain --status; then restart it, there is no way back to serving';
    return warning(`${replica} drains, or is drained`, 'it takes no new sessions', todo);
  }
  return ok(`${replica} serves: ${connections} connections, ${paired} paired, ${waiting} waiting`);
}

/** Is the policy that is in force the one on disk? */
export async function checkPolicyInForce(door: Door): Promise<Judgement> {
  return judgePolicyInForce(await controlLook(door));
}

export function judgePolicyInForce(look: ControlLook): Judgement {
  const policy = look.t === 'told' ? look.answer.server?.policy : undefined;
  if (policy === undefined || policy === null) return notChecked(UNTOLD);
  const { source, rules, last_error: error } = policy;
  if (error !== '') {
    const todo = `mend ${source}; what it would do: ws-proxy explain CERTIFICATE PATH --policy FILE`;
    return fault(
      `the last reload was refused: ${error}`,
      'the policy before it is in force, and a restart would fail',
      todo,
    );
  }
  return ok(`${source} is in force, ${rules} rules`);
}

/** Do the service and this command fit each other? */
export async function checkServiceVersion(door: Door): Promise<Judgement> {
  return judgeServiceVersion(await controlLook(door), productVersion());
}

export function judgeServiceVersion(look: ControlLook, own: string): Judgement {
  const server = look.t === 'told' ? look.answer.server : null;
  if (server === null) return notChecked(UNTOLD);
  const { version, node_version: node } = server;
  const old = judgeNode(node);
  if (old !== undefined) return old;
  if (version === own) return ok(`service and command are ${own}, the service on Node ${node}`);
  const why = 'commands and documents of one version may know what the other does not';
  return warning(`the service is ${version}, this command ${own}`, why, 'use the command of the service’s version');
}
