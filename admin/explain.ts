import { type Command, Option } from 'commander';
import type { Question } from './explain-offline.js';

interface Options extends Omit<Question, 'certificate' | 'target'> {
  readonly output: 'text' | 'json';
}

/** Adds `ws-proxy explain`. Exit codes: 0 allowed, 1 denied, 2 not understood or a file that cannot be used. */
export function register(program: Command): void {
  program
    .command('explain')
    .description('says whether a certificate may sit at a meetup, by which rule and why; exits 0 if so, 1 if not')
    .argument('<certificate>', 'certificate file, PEM or DER')
    .argument('<path>', 'URL, request path or meetup id')
    .requiredOption('--policy <file>', 'policy file, or any-verified')
    .option('--crl <file>', 'revocation list')
    .option('--crl-ca <file>', 'CA file that must have signed the revocation list')
    .option('--deny-list <file>', 'deny list')
    .addOption(new Option('-o, --output <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .action(async (certificate: string, target: string, { output, ...files }: Options) => {
      const { explainOffline } = await import('./explain-offline.js');
      const { explainText } = await import('./explain-text.js');
      const answer = await explainOffline({ certificate, target, ...files }, Date.now());
      console.log(output === 'json' ? JSON.stringify(answer, null, 2) : explainText(answer));
      process.exitCode = answer.allowed ? 0 : 1;
    });
}
