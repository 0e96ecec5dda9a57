import { Failure } from './failure.mjs';

const NEEDED = [20, 19];

/** Throws a Failure on a Node that is too old for this project. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  throw new Failure(`Node ${NEEDED.join('.')} or newer is needed and this is ${version}: install a current Node`);
}
