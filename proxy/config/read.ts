import { readFile } from 'node:fs/promises';
import { ConfigError, type Sources } from './load.js';

/**
 * Where the options of `serve` come from: flags by option key, the environment, and the file that `config` among the flags or
 * WS_PROXY_CONFIG names. Throws a ConfigError when that can't be read.
 */
export async function readSources(
  flags: Readonly<Record<string, string>>,
  environment: Sources['environment'],
): Promise<Sources> {
  const { config: flagged, ...rest } = flags;
  const name = flagged ?? environment['WS_PROXY_CONFIG'];
  const file = name === undefined ? undefined : { name, text: await readText(name) };
  return { flags: rest, environment, ...(file === undefined ? {} : { file }) };
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'this user may not read it',
};

async function readText(name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new ConfigError(`--config ${name}: ${faults[code] ?? `it cannot be read (${code})`}: name a YAML file`);
  }
}
