import { type Command, Option } from 'commander';
import { count } from '../proxy/values/argument.js';
import { certificatesDirOf } from '../proxy/values/run-dir.js';
import type { InitOptions } from './actions/init.js';
import type { IssueOptions } from './actions/issue.js';
import type { RenewOptions } from './actions/renew.js';
import type { RevokeOptions, UnrevokeOptions } from './actions/revoke.js';
import { REASONS } from './reason.js';
import { type ReportOptions, report } from './report.js';
import { ROLES } from './role.js';
import { AUTHORITY_DAYS, LEAF_DAYS, LIST_DAYS, MAX_CERTIFICATE_DAYS, MAX_LIST_DAYS } from './validity.js';

// The actions' code is imported when one runs: `ws-proxy --help` must not wait for it.

/** Adds `ws-proxy certs` and its commands. */
export function register(program: Command): void {
  const certs = program.command('certs').description('make and look after certificates, keys and revocation lists');
  registerInit(certs);
  registerIssue(certs);
  registerRenew(certs);
  registerRevoke(certs);
  registerUnrevoke(certs);
  registerList(certs);
  registerShow(certs);
  registerDevelopment(certs);
}

function registerInit(certs: Command): void {
  add(certs, 'init', 'make a root, with an empty revocation list')
    .option('--intermediate', 'make an intermediate under the root (and the root, if there is none)', false)
    .option('--o <name>', 'organisation of the subject (default: Micronets)')
    .option('--cn <name>', 'common name of the subject')
    .addOption(daysOption('days of validity', MAX_CERTIFICATE_DAYS, AUTHORITY_DAYS))
    .option('--force', 'replace what is there: every certificate under it stops working', false)
    .action((options: InitOptions & ReportOptions, command: Command) =>
      report(command, options, async () => (await import('./actions/init.js')).init(options)),
    );
}

function registerIssue(certs: Command): void {
  add(certs, 'issue', 'make a key and a certificate: NAME.cert.pem, NAME.key.pem, NAME.pkeycert.pem')
    .argument('<name>', 'name of the files')
    .addOption(
      new Option('--role <role>', 'what it is for (default: the role of that name, else client)').choices(ROLES),
    )
    .option('--o <name>', 'organisation of the subject; alone it makes a subject of O only')
    .option('--ou <name>', 'organisational unit of the subject, such as gateway')
    .option('--cn <name>', 'common name of the subject (default without --o: O=Micronets, CN=NAME)')
    .option('--spiffe <uri>', 'SPIFFE id, as a URI name')
    .addOption(namesOption('--dns <name>', 'DNS name, any number of times', 'localhost for a server'))
    .addOption(namesOption('--ip <address>', 'IP address, any number of times', '127.0.0.1 and ::1 for a server'))
    .addOption(daysOption('days of validity', MAX_CERTIFICATE_DAYS, LEAF_DAYS))
    .addOption(issuerOption('who signs'))
    .option('--force', 'replace files that are there', false)
    .action((name: string, options: IssueOptions & ReportOptions, command: Command) =>
      report(command, options, async () => (await import('./actions/issue.js')).issue(name, options)),
    );
}

function registerRenew(certs: Command): void {
  add(certs, 'renew', 'renew what has less than a third of its time left: lists and servers; for a timer')
    .argument('[names...]', 'other certificates of the directory to look after, such as admin')
    .option('--all', 'renew them even when they are not due', false)
    .action((names: string[], options: RenewOptions & ReportOptions, command: Command) =>
      report(command, options, async () => (await import('./actions/renew.js')).renewDue(names, options)),
    );
}

function registerRevoke(certs: Command): void {
  add(certs, 'revoke', 'put a certificate on the revocation list; its live connections end')
    .argument('[file]', 'PEM file with the certificate, or its name in the directory')
    .option('--serial <hex>', 'the serial number, where the file is lost')
    .addOption(issuerOption('who signed it, with --serial'))
    .addOption(new Option('--reason <reason>', 'why').choices(Object.keys(REASONS)).default('unspecified'))
    .addOption(daysOption('days until the next update of the list', MAX_LIST_DAYS, LIST_DAYS))
    .action((file: string | undefined, options: RevokeOptions & ReportOptions, command: Command) =>
      report(command, options, async () => (await import('./actions/revoke.js')).revokeCertificate(file, options)),
    );
}

function registerUnrevoke(certs: Command): void {
  add(certs, 'unrevoke', 'take a certificate off the revocation list')
    .argument('[file]', 'PEM file with the certificate, or its name in the directory')
    .option('--serial <hex>', 'the serial number, where the file is lost')
    .addOption(issuerOption('who signed it, with --serial'))
    .addOption(daysOption('days until the next update of the list', MAX_LIST_DAYS, LIST_DAYS))
    .option('--force', 'even one that was revoked for keyCompromise', false)
    .action((file: string | undefined, options: UnrevokeOptions & ReportOptions, command: Command) =>
      report(command, options, async () => (await import('./actions/revoke.js')).unrevokeCertificate(file, options)),
    );
}

function registerList(certs: Command): void {
  add(certs, 'crl', 'show the revocation lists in force, or sign them anew')
    .option('--sign', 'sign them anew first, with a later next update', false)
    .addOption(daysOption('with --sign, days until the next update', MAX_LIST_DAYS, LIST_DAYS))
    .action((options: ReportOptions & { readonly sign: boolean; readonly days: number }, command: Command) =>
      report(command, options, async () =>
        (await import('./actions/show.js')).showLists(options.dir, options.sign ? options.days : undefined),
      ),
    );
}

function registerShow(certs: Command): void {
  add(certs, 'show', 'explain a certificate, or list those of the directory')
    .argument('[file]', 'PEM file, or its name in the directory')
    .action((file: string | undefined, options: ReportOptions, command: Command) =>
      report(command, options, async () => (await import('./actions/show.js')).show(file, options.dir)),
    );
}

function registerDevelopment(certs: Command): void {
  add(certs, 'dev', 'make what is missing of the certificates of npm start').action(
    (options: ReportOptions, command: Command) =>
      report(command, options, async () => (await import('./actions/development.js')).development(options.dir)),
  );
}

function add(certs: Command, name: string, description: string): Command {
  return certs
    .command(name)
    .description(description)
    .option('--dir <path>', 'directory of the certificates', certificatesDirOf(process.env))
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'));
}

function daysOption(description: string, most: number, fallback: number): Option {
  return new Option('--days <count>', `${description}, 1 to ${most}`).default(fallback).argParser(count({ max: most }));
}

function issuerOption(description: string): Option {
  return new Option('--issuer <name>', description).choices(['root', 'intermediate']).default('root');
}

function namesOption(flags: string, description: string, fallback: string): Option {
  return new Option(flags, description)
    .default([], fallback)
    .argParser((value, list: readonly string[]) => [...list, value]);
}
