import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { count, duration, size } from '../proxy/values/argument.js';
import { writeDuration } from '../proxy/values/duration.js';
import { certificatesDirOf } from '../proxy/values/run-dir.js';
import type { BenchOptions } from './deployment.js';

/** Time that is measured when none is given, milliseconds. */
const MEASURED_MS = 10_000;

/** Adds `ws-proxy bench`. */
export function register(program: Command): void {
  const certs = certificatesDirOf(process.env);
  program
    .command('bench')
    .description('put load on a deployment and say how it answers: pairs of peers that ask each other')
    .argument(
      '<url>',
      'where the pairs meet, each at a path of its own below it: wss://HOST:5050/micronets/v1/ws-proxy/sub',
    )
    .option('--cert <file>', 'certificate of the asking peers (PEM)', join(certs, 'manager.pkeycert.pem'))
    .option('--key <file>', "its key, where the certificate's file does not hold it")
    .option('--other-cert <file>', 'certificate of the answering peers; default: the same as --cert')
    .option('--other-key <file>', 'its key')
    .option('--ca <file>', "CA that signed the server's certificate", join(certs, 'root.cert.pem'))
    .option('--pairs <count>', 'pairs of peers', count(), 10)
    .option('--in-flight <count>', 'unanswered requests of each pair; not used with --rate', count(), 16)
    .option(
      '--rate <count>',
      'requests a second of all pairs together, by the clock, corrected for coordinated omission',
      count(),
    )
    .option('--body <bytes>', 'length of the body of each message', size(), 200)
    .addOption(
      new Option('--time <time>', 'measured time, such as 30s or 2m')
        .argParser(duration({ min: 1_000, max: 86_400_000 }))
        .default(MEASURED_MS, writeDuration(MEASURED_MS)),
    )
    .addOption(new Option('--seconds <count>', 'the same in seconds').argParser(count({ max: 86_400 })).hideHelp())
    .option('-o, --output <form>', 'text or json', form, 'text')
    .action(async (url: string, options: BenchOptions) => {
      const { benchDeployment } = await import('./deployment.js');
      await benchDeployment(url, options);
    });
}

function form(text: string): string {
  if (text !== 'text' && text !== 'json') throw new InvalidArgumentError('It must be text or json.');
  return text;
}
