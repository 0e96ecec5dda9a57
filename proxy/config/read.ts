import { readBounded, UnreadableFile } from '../policy/lists/watched-file.js';
import { ConfigError, type Sources } from './load.js';

/**
 * Reads the sources of `serve`'s options: flags by option key, the environment, and the file that the flag `config` or WS_PROXY_CONFIG
 * names. Throws a ConfigError when the file cannot be read.
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

/** Largest configuration file, bytes. */
const MAX_CONFIG_BYTES = 1024 * 1024;

async function readText(name: string): Promise<string> {
  try {
    return (await readBounded(name, MAX_CONFIG_BYTES)).toString('utf8');
  } catch (error) {
    if (error instanceof UnreadableFile) throw new ConfigError(`--config ${error.message}`);
    throw error;
  }
}
