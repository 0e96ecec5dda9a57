import { jsonBody } from '../body.js';
import { type ConnectionFlags, claimsOf, connections, output } from '../run.js';
import { Course, type CourseOptions } from './course.js';
import { verdictJson, verdictsOf, verdictTable } from './verdicts.js';

/** Flags of `ws-proxy peer check`, read. */
export interface CheckFlags extends ConnectionFlags, CourseOptions {
  readonly output: 'table' | 'json';
}

/** `ws-proxy peer check`: judges the peer that comes to the meetup. The exit code is 1 where it has a fault. */
export async function runCheck(flags: CheckFlags): Promise<void> {
  const claims = claimsOf(flags, 'check');
  const handler = () => ({ statusCode: 200, headers: [], body: jsonBody({ by: 'ws-proxy peer check' }) });
  output.tell(`waiting for the peer at ${flags.url}`);
  const connectionTo = connections(flags, claims, handler, {});
  const course = new Course(() => connectionTo(flags.url), flags);
  const verdicts = verdictsOf(course, await course.walk());
  process.stdout.write(flags.output === 'json' ? verdictJson(verdicts) : verdictTable(verdicts));
  if (verdicts.some(({ verdict }) => verdict === 'fault')) process.exitCode = 1;
}
