import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { BenchOptions } from './deployment.js';

/** Adds `ws-proxy bench`. */
export function register(program: Command): void {
  program
    .command('bench')
    .description('put load on a deployment and say how it answers: pairs of peers that ask each other')
    .argument(
      '<url>',
      'where the pairs meet, each at a path of its own below it: wss://HOST:5050/micronets/v1/ws-proxy/sub',
    )
    .option('--cert <file>', 'certificate of the asking peers (PEM)', '.run/certs/manager.pkeycert.pem')
    .option('--key <file>', 'its key, where the certificate’s file does not hold it')
    .option('--other-cert <file>', 'certificate of the answering peers; default: the same as --cert')
    .option('--other-key <file>', 'its key')
    .option('--ca <file>', 'CA that signed the server’s certificate', '.run/certs/root.cert.pem')
    .option('--pairs <n>', 'pairs of peers', whole, 10)
    .option('--in-flight <n>', 'unanswered requests of each pair; not used with --rate', whole, 16)
    .option(
      '--rate <n>',
      'requests a second of all pairs together, by the clock, corrected for coordinated omission',
      whole,
    )
    .option('--body <bytes>', 'length of the body of each message', whole, 200)
    .option('--seconds <s>', 'measured time', whole, 10)
    .option('-o, --output <form>', 'text or json', form, 'text')
    .action(async (url: string, options: BenchOptions) => {
      const { benchDeployment } = await import('./deployment.js');
      await benchDeployment(url, options);
    });
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

function form(text: string): string {
  if (text !== 'text' && text !== 'json') throw new InvalidArgumentError('It must be text or json.');
  return text;
}
