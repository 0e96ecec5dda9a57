import { readFileSync } from 'node:fs';
import { type ClientReadableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ControlServiceClient } from '../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import { controlClient } from '../proxy/control/rpc/client.js';
import { fileFault } from '../proxy/values/file-fault.js';
import { publishedKeyFaultIn } from '../proxy/x509/published-keys.js';
import { type ConnectionFlags, resolved } from './connection-flags.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { type Circumstances, failureOf, isCancelled } from './failure.js';

type Callback<Answer> = (error: ServiceError | null, answer?: Answer) => void;
type Options = { readonly deadline: number };

/** The control API over one connection through the edge. */
export class Connection {
  readonly client: ControlServiceClient;
  readonly #circumstances: Circumstances;
  /** Longest wait for an answer, milliseconds. */
  readonly timeout: number;

  private constructor(client: ControlServiceClient, circumstances: Circumstances, timeout: number) {
    this.client = client;
    this.#circumstances = circumstances;
    this.timeout = timeout;
  }

  /** Reads the certificates; connects at the first call. Throws AdminFailure. */
  static open(flags: ConnectionFlags, environment: Readonly<Record<string, string | undefined>>): Connection {
    const { server, cert, key, ca, servername, timeout } = resolved(flags, environment);
    const secure = secureCredentials(cert, key, ca);
    const named = servername === undefined ? {} : { 'grpc.ssl_target_name_override': servername };
    return new Connection(controlClient(server, secure, named), { server, certificate: cert }, timeout);
  }

  /** Makes one call. Rejects with AdminFailure. */
  readonly ask = <Answer>(
    call: (metadata: Metadata, options: Options, done: Callback<Answer>) => unknown,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      call(new Metadata(), { deadline: Date.now() + this.timeout }, (error, answer) => {
        if (error !== null) reject(this.failure(error));
        else if (answer !== undefined) resolve(answer);
      });
    });

  /** Reads a stream to its end; a stream that was cancelled here ends well. Rejects with AdminFailure. */
  async read<Message>(stream: ClientReadableStream<Message>, each: (message: Message) => void): Promise<void> {
    const failed = await this.ending(stream, each);
    if (failed !== undefined && !isCancelled(failed)) throw this.failure(failed);
  }

  /** Reads a stream to its end and answers with how it failed, if it did. */
  ending<Message>(
    stream: ClientReadableStream<Message>,
    each: (message: Message) => void,
  ): Promise<ServiceError | undefined> {
    return new Promise((resolve) => {
      stream.on('data', each);
      stream.on('error', (error) => resolve(error as ServiceError));
      stream.on('end', () => resolve(undefined));
    });
  }

  failure(error: ServiceError): AdminFailure {
    return failureOf(error, this.#circumstances);
  }

  close(): void {
    this.client.close();
  }
}

/** Opens a connection for some work and closes it whatever happens. */
export async function connected<Result>(
  flags: ConnectionFlags,
  environment: Readonly<Record<string, string | undefined>>,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = Connection.open(flags, environment);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

function secureCredentials(cert: string, key: string, ca: string): ReturnType<typeof credentials.createSsl> {
  const certificate = contentOf(cert, '--cert');
  const files = [contentOf(ca, '--ca'), key === cert ? certificate : contentOf(key, '--key'), certificate] as const;
  const published = publishedKeyFaultIn(files[0].toString('latin1'));
  if (published !== undefined) throw new AdminFailure(`${ca}: ${published}`, EXIT.usage);
  try {
    return credentials.createSsl(...files);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AdminFailure(`${cert} and ${key} are no certificate and its key: ${why}`, EXIT.usage);
  }
}

function contentOf(file: string, flag: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AdminFailure(`${file}: ${fileFault(error)} (${flag}), or run "npm start" for one of .run`, EXIT.usage);
  }
}
