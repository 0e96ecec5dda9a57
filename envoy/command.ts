import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_MAX_CONNECTIONS, type EdgeSettings } from './settings.js';

interface Flags {
  readonly out: string;
  readonly address: string;
  readonly port: number;
  readonly controlPort: number;
  readonly adminPort: number;
  readonly maxConnections: number;
  readonly certs: string;
  readonly serverCert?: string;
  readonly serverKey?: string;
  readonly clientCa?: string;
  /** False for `--no-client-crl`, true when nothing was said. */
  readonly clientCrl: string | boolean;
  readonly serviceSocket: string;
  readonly controlSocket: string;
  readonly controlDescriptor?: string;
  readonly tracesUrl?: URL;
}

/** Adds `ws-proxy envoy render`. */
export function register(program: Command): void {
  program
    .command('envoy')
    .description('the edge that stands in front of the service')
    .command('render')
    .description("write Envoy's configuration for this installation; a running Envoy takes changes up")
    .requiredOption('--out <dir>', 'folder for the files; start Envoy with -c DIR/envoy.yaml')
    .option('--address <ip>', 'address of both listeners; :: for IPv4 and IPv6', '0.0.0.0')
    .option('--port <port>', "the peers' port", wholeNumber, 5050)
    .option('--control-port <port>', "the control API's port", wholeNumber, 5051)
    .option('--admin-port <port>', "Envoy's admin port, on loopback", wholeNumber, 9901)
    .option('--max-connections <count>', "peers' connections at one time", wholeNumber, DEFAULT_MAX_CONNECTIONS)
    .option('--certs <dir>', 'folder of server.{cert,key}.pem, root.cert.pem and root.crl.pem', '.run/certs')
    .option('--server-cert <file>', "the server's certificate, when it is called otherwise")
    .option('--server-key <file>', 'its key, in the same folder')
    .option('--client-ca <file>', "the CA of the clients' certificates")
    .option('--client-crl <file>', 'their revocation list, in the same folder')
    .option('--no-client-crl', 'revoke nothing at the handshake')
    .option('--service-socket <path>', 'unix socket of the service (its --listen)', '.run/proxy.sock')
    .option('--control-socket <path>', 'unix socket of the control API (its --control-listen)', '.run/control.sock')
    .option('--control-descriptor <file>', 'compiled control.proto: the control port speaks JSON over HTTP too')
    .option('--traces-url <url>', "where Envoy's own spans go, by OTLP over HTTP", httpUrl)
    .action(async (flags: Flags) => {
      const { renderEdge } = await import('./render.js');
      console.log(await renderEdge(settingsFrom(flags)));
    });
}

function settingsFrom(flags: Flags): EdgeSettings {
  const file = (given: string | undefined, name: string): string => resolve(given ?? `${flags.certs}/${name}`);
  const { clientCrl, controlDescriptor, tracesUrl } = flags;
  return {
    configDir: resolve(flags.out),
    address: flags.address,
    peersPort: flags.port,
    controlPort: flags.controlPort,
    adminPort: flags.adminPort,
    maxConnections: flags.maxConnections,
    serverCertificate: file(flags.serverCert, 'server.cert.pem'),
    serverKey: file(flags.serverKey, 'server.key.pem'),
    clientCa: file(flags.clientCa, 'root.cert.pem'),
    ...(clientCrl !== false && { clientCrl: file(clientCrl === true ? undefined : clientCrl, 'root.crl.pem') }),
    serviceSocket: resolve(flags.serviceSocket),
    controlSocket: resolve(flags.controlSocket),
    ...(controlDescriptor !== undefined && { controlDescriptor: resolve(controlDescriptor) }),
    ...(tracesUrl !== undefined && { tracesUrl }),
  };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function httpUrl(text: string): URL {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It must be a URL, such as http://127.0.0.1:4318/v1/traces.');
  return new URL(text);
}
