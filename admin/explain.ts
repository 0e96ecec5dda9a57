import { type Command, InvalidArgumentError, Option } from 'commander';
import { jsonText } from '../proxy/wire/json-text.js';
import { faultOfPrefix, MEETUP_PREFIX } from '../proxy/wire/path.js';
import { type ConnectionFlags, withConnection } from './connection-flags.js';
import type { Whose } from './explain-online.js';
import { type Terminal, terminal } from './terminal.js';

interface Options extends ConnectionFlags {
  readonly subject?: string;
  readonly fingerprint?: string;
  readonly last?: true;
  readonly policy?: string;
  readonly crl?: string;
  readonly crlCa?: string;
  readonly denyList?: string;
  readonly pathPrefix: string;
  readonly output: 'text' | 'json';
}

/**
 * Adds `ws-proxy explain`: offline with `--policy`, else it asks the running service. Exit codes: 0 allowed, 1 denied, 2 not
 * understood or a file that cannot be used, and those of the control commands.
 */
export function register(program: Command, io: Terminal = terminal): void {
  const command = program
    .command('explain')
    .description('says whether a certificate may sit at a meetup, by which rule and why; exits 0 if so, 1 if not')
    .usage(
      '[options] <certificate> <path>\n       ws-proxy explain [options] --subject PART|--fingerprint SHA256|--last <path>',
    )
    .argument('<certificate>', 'certificate file, PEM (or, with --policy, DER); left out with the three options below')
    .argument('[path]', 'URL, request path or meetup id')
    .option('--subject <part>', 'part of the subject of a certificate that came or was refused lately')
    .option('--fingerprint <sha256>', 'of a certificate that came or was refused lately')
    .option('--last', 'the certificate that was last refused at the meetup')
    .option('--policy <file>', 'policy file, or any-verified: answer from it, without asking the running service')
    .option('--crl <file>', 'revocation list, with --policy')
    .option('--crl-ca <file>', 'CA file that must have signed the revocation list')
    .option('--deny-list <file>', 'deny list, with --policy')
    .addOption(
      new Option('--path-prefix <path>', '--path-prefix of serve, which stands before the meetup id in a URL or a path')
        .default(MEETUP_PREFIX)
        .env('WS_PROXY_PATH_PREFIX')
        .argParser(prefix),
    )
    .addOption(new Option('-o, --output <format>', 'form of the answer').choices(['text', 'json']).default('text'));
  withConnection(command).action(async (first: string, second: string | undefined, options: Options) => {
    const whose = rememberedIn(options);
    const isAllowed =
      whose === undefined
        ? await ofFile(command, first, second, options, io)
        : await ofRemembered(command, whose, first, second, options, io);
    process.exitCode = isAllowed ? 0 : 1;
  });
}

/** The certificate that the options name in the place of a file. */
function rememberedIn({ subject, fingerprint, last }: Options): Whose | undefined {
  if (last === true) return 'last_refused';
  if (fingerprint !== undefined) return { fingerprint };
  return subject === undefined ? undefined : { subject };
}

async function ofRemembered(
  command: Command,
  whose: Whose,
  target: string,
  more: string | undefined,
  options: Options,
  io: Terminal,
): Promise<boolean> {
  if (more !== undefined)
    command.error(`error: with --subject, --fingerprint or --last there is no certificate file: ${target}`);
  if (options.policy !== undefined) command.error('error: --policy answers from files: give a certificate file');
  return online(whose, target, options, io);
}

async function ofFile(
  command: Command,
  certificate: string,
  target: string | undefined,
  options: Options,
  io: Terminal,
): Promise<boolean> {
  if (target === undefined) return command.error("error: missing required argument 'path'");
  if (options.policy === undefined) return online({ file: certificate }, target, options, io);
  return offline(certificate, target, { ...options, policy: options.policy }, io);
}

function prefix(text: string): string {
  const fault = faultOfPrefix(text);
  if (fault === undefined) return text;
  throw new InvalidArgumentError(`Give a path such as ${MEETUP_PREFIX}: ${fault}.`);
}

async function online(whose: Whose, target: string, options: Options, io: Terminal): Promise<boolean> {
  const { explainOnline } = await import('./explain-online.js');
  return explainOnline({ whose, target, output: options.output, pathPrefix: options.pathPrefix }, options, io);
}

async function offline(
  certificate: string,
  target: string,
  options: Options & { policy: string },
  io: Terminal,
): Promise<boolean> {
  const { explainOffline } = await import('./explain-offline.js');
  const { explainText } = await import('./explain-text.js');
  const { policy, crl, crlCa, denyList, pathPrefix } = options;
  const files = { policy, pathPrefix, ...(crl && { crl }), ...(crlCa && { crlCa }), ...(denyList && { denyList }) };
  const answer = await explainOffline({ certificate, target, ...files }, Date.now());
  io.out(options.output === 'json' ? `${jsonText(answer, 2)}\n` : `${explainText(answer)}\n`);
  return answer.allowed;
}
