import type { SurveyedStream } from '../../proxy/cluster/nats/look/survey.js';
import { fault, type Judgement, notChecked, ok, warning, worst } from '../finding.js';
import type { Host } from '../look/host.js';
import { type NatsLook, natsLook } from '../look/nats-look.js';
import { isBefore, MIN_NATS } from './supported.js';

/** Milliseconds for an answer, above which every newcomer notices it: its place takes one or two. */
const SLOW_MS = 100;
const ALONE = 'the service is told of no NATS: it is a replica alone';
const UNSEEN = 'NATS cannot be reached: see nats';

/** Does NATS answer, soon enough, and is it of a version that has what is needed? */
export async function checkNats(host: Host): Promise<Judgement> {
  return judgeNats(await natsLook(host));
}

export function judgeNats(look: NatsLook): Judgement {
  if (look.t === 'alone') return notChecked(ALONE);
  if (look.t === 'untold') return notChecked(look.text);
  const why = 'nobody new is paired, and the replica is not ready; pairs go on';
  if (look.t === 'away') {
    const todo = 'start it, or mend --nats and the options that begin with --nats-';
    return fault(`NATS at ${look.servers.join(', ')}: ${look.text}`, why, todo);
  }
  const { version, answer } = look.server;
  if (isBefore(version, MIN_NATS)) {
    return fault(
      `NATS is ${version}, and ${MIN_NATS} is needed`,
      why,
      `install ${MIN_NATS} or later, server by server`,
    );
  }
  const time = `answers in ${answer.toFixed(1)} ms`;
  if (answer <= SLOW_MS) return ok(`NATS ${version} ${time}`);
  const late = 'each newcomer waits for one or two answers, and a replica that renews too late pairs nobody';
  return warning(`NATS ${time}`, late, 'look at its disk and its network; run it near the replicas');
}

/** Are the streams there, and made as they must be? */
export async function checkNatsStreams(host: Host): Promise<Judgement> {
  const { config } = host.plan;
  const isOneMachine = !('fault' in config) && config.hopListen?.startsWith('unix:') === true;
  return judgeNatsStreams(await natsLook(host), isOneMachine);
}

/** `isOneMachine`: all replicas are on one machine, and its loss takes them with a NATS that is there. */
export function judgeNatsStreams(look: NatsLook, isOneMachine: boolean): Judgement {
  if (look.t !== 'there') return notChecked(look.t === 'alone' ? ALONE : UNSEEN);
  const judged = look.streams.map((one) => judgeStream(one, look.server.cluster !== undefined, isOneMachine));
  const [first, ...more] = judged;
  return first === undefined ? notChecked('no stream was asked for') : worst(first, ...more);
}

function judgeStream(stream: SurveyedStream, isCluster: boolean, isOneMachine: boolean): Judgement {
  const { name } = stream;
  const init = 'ws-proxy cluster init, as a user of NATS who may make streams';
  if (stream.t === 'untold') return fault(`the stream ${name}: ${stream.detail}`, 'no meetup can be claimed', init);
  if (stream.t === 'missing') {
    const why = 'a replica makes it at its start where it may; else no meetup can be claimed';
    return warning(`the stream ${name} is not there`, why, init);
  }
  const { differences, servers, storage } = stream;
  if (differences.length > 0) {
    const what = differences.map(({ setting, found, wanted }) => `${setting} is ${found} and must be ${wanted}`);
    return fault(`the stream ${name}: ${what.join('; ')}`, 'two replicas may serve one meetup, or none', init);
  }
  if (storage === 'memory') {
    const why =
      'what is in it is gone when its servers restart, and newcomers wait until the replicas have written it again';
    return warning(
      `the stream ${name} is in memory`,
      why,
      `delete it while no replica runs, then ${init}, with --nats-storage file`,
    );
  }
  if (servers === 1 && (isCluster || !isOneMachine)) {
    const why = 'without that one server nobody new is paired';
    return warning(
      `the stream ${name} is held by one server of NATS`,
      why,
      `run three servers, then ${init}, with --nats-replicas 3`,
    );
  }
  return ok(
    `the streams are there, held by ${servers} ${servers === 1 ? 'server' : 'servers'}, on ${storage === 'file' ? 'disk' : storage}`,
  );
}

/** May the user of the service do what a replica needs? */
export async function checkNatsPermissions(host: Host): Promise<Judgement> {
  return judgeNatsPermissions(await natsLook(host));
}

export function judgeNatsPermissions(look: NatsLook): Judgement {
  if (look.t !== 'there') return notChecked(look.t === 'alone' ? ALONE : UNSEEN);
  if (look.refused === undefined) return notChecked('a stream is missing: see nats-streams');
  if (look.refused.length === 0) return ok('the user of the service may do what a replica needs');
  const why = 'the replica is not ready, or meetups, blocks and deaths of replicas are not told';
  return fault(
    look.refused.join('; '),
    why,
    'give it the permissions that ws-proxy cluster permissions replica prints',
  );
}
