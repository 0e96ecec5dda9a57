import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { waitTime } from '../proxy/values/argument.js';
import { certificatesDirOf } from '../proxy/values/run-dir.js';

/** The address of the control API and the certificate of the caller. */
export interface ConnectionFlags {
  readonly server?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly servername?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Longest wait for an answer when none is given, milliseconds. Streams have no deadline. */
const USUAL_TIMEOUT = 10_000;

/** Adds the flags that say where the control API is and with which certificate to ask. */
export function withConnection(command: Command): Command {
  return command
    .option(
      '--server <host:port>',
      'the control API (default: localhost:$WS_PROXY_CONTROL_PORT or localhost:5051)',
      controlAddress,
    )
    .option(
      '--cert <file>',
      'PEM file of the certificate, with its key or without (default: admin.pkeycert.pem of .run)',
    )
    .option('--key <file>', 'PEM file of the key, where it is not in the file of the certificate')
    .option('--ca <file>', "PEM file of the CA that signed the server's certificate (default: root.cert.pem of .run)")
    .option('--servername <name>', "name that the server's certificate must have (default: the host)")
    .option('--timeout <time>', 'longest wait for an answer (default: 10s)', waitTime);
}

/** The flags with what the environment and the development set-up (`.run`) give. */
export function resolved(
  flags: ConnectionFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Required<Omit<ConnectionFlags, 'servername'>> & Pick<ConnectionFlags, 'servername'> {
  const certs = certificatesDirOf(environment);
  const cert = flags.cert ?? join(certs, 'admin.pkeycert.pem');
  return {
    server: flags.server ?? `localhost:${environment['WS_PROXY_CONTROL_PORT'] || '5051'}`,
    cert,
    key: flags.key ?? cert,
    ca: flags.ca ?? join(certs, 'root.cert.pem'),
    timeout: flags.timeout ?? USUAL_TIMEOUT,
    ...(flags.servername === undefined ? {} : { servername: flags.servername }),
  };
}

/** As a URL, too: it is the one by which the JSON form is asked. */
function controlAddress(text: string): string {
  const address = text.replace(/^https:\/\/([^/]+)\/?$/, '$1');
  if (/^[^/\s]+:\d{1,5}$/.test(address)) return address;
  throw new InvalidArgumentError('It must be HOST:PORT, such as proxy.example.com:5051.');
}
