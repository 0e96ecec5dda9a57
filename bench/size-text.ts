import { shortTime } from '../admin/durations.js';
import { writeDuration } from '../proxy/values/duration.js';
import { safe } from '../proxy/wire/safe-text.js';
import { FORMULA, type PartSize, REDIAL_MS, type Size } from './size.js';

const INDENT = '  ';

/** The answer for people. Ends with a newline. */
export function sizeText(size: Size): string {
  const { demand, service, envoy, memory, limits } = size;
  const several = service.cores > 1;
  const lines = [
    `${number(demand.pairs)} ${demand.pairs === 1 ? 'pair' : 'pairs'} × ${number(demand.rate)} calls a second, bodies of ${number(demand.bodyBytes)} bytes, sessions of ${writeDuration(demand.lifeMs)}:`,
    `${number(size.messages)} messages and ${number(size.setUps)} set-ups a second.`,
    '',
    ...table([
      ['', 'service', 'Envoy'],
      ['busy cores', number(service.busy), number(envoy.busy)],
      ['to provide', `${plural(service.cores, 'replica')} of one core`, plural(envoy.cores, 'core')],
      ['in use', shareOf(service.busy, service.cores), shareOf(envoy.busy, envoy.cores)],
      ...(several ? [['in use, one replica away', shareOf(service.busy, service.cores - 1)]] : []),
      ['memory', `${mib(memory.replica)}${several ? ' each' : ''}`, mib(memory.envoy)],
      ['memory to allow', `${mib(limits.memoryMib.replica)}${several ? ' each' : ''}`, mib(limits.memoryMib.envoy)],
      ['open files', String(limits.openFiles.replica), String(limits.openFiles.envoy)],
    ]),
    '',
    ...shortage(size),
    ...outage(size),
    '',
    `Options of each replica (serve)${several ? ', one of which may be away' : ''}:`,
    ...flags(limits.serve),
    'and where all managers, or all gateways, share one certificate:',
    ...flags(limits.oneCertificate),
    'Option of an Envoy that has all peers (envoy render):',
    ...flags(limits.envoy),
    '',
    'Computed by:',
    ...FORMULA.map((line) => `${INDENT}${line}`),
    `with what was measured on ${safe(size.source)}.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The answer for programs. Times are in seconds, memory in MiB; null: never. */
export function sizeJson(size: Size): object {
  const { demand, source, messages, setUps, service, envoy, replicasNeeded, backSeconds, memory, limits } = size;
  const part = ({ busy, cores, setUpSeconds }: PartSize): object => ({
    busy_cores: busy,
    cores,
    set_up_seconds: orNull(setUpSeconds),
  });
  return {
    demand: {
      pairs: demand.pairs,
      calls_per_second: demand.rate,
      body_bytes: demand.bodyBytes,
      session_seconds: demand.lifeMs / 1000,
      headroom: demand.headroom,
    },
    messages_per_second: messages,
    set_ups_per_second: setUps,
    replicas: service.cores,
    replicas_needed: replicasNeeded,
    service: {
      ...part(service),
      memory_mib_each: memory.replica,
      memory_limit_mib_each: limits.memoryMib.replica,
      open_files_each: limits.openFiles.replica,
      options: limits.serve,
      options_of_one_certificate: limits.oneCertificate,
    },
    envoy: {
      ...part(envoy),
      memory_mib: memory.envoy,
      memory_limit_mib: limits.memoryMib.envoy,
      open_files: limits.openFiles.envoy,
      options: limits.envoy,
    },
    all_back_seconds: orNull(backSeconds),
    formula: FORMULA,
    measured_on: source,
  };
}

function shortage({ service, replicasNeeded, demand }: Size): readonly string[] {
  if (service.cores >= replicasNeeded) return [];
  const for_ = demand.reconnectMs === undefined ? '' : ' and that return';
  return [`TOO FEW: ${plural(service.cores, 'replica')}; this load${for_} takes ${replicasNeeded}.`, ''];
}

function shareOf(busy: number, cores: number): string {
  return `${number((busy / cores) * 100)} %`;
}

function flags(values: Readonly<Record<string, number>>): string[] {
  return Object.entries(values).map(([flag, value]) => `${INDENT}${flag} ${value}`);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function outage({ backSeconds, service, envoy }: Size): readonly string[] {
  if (!Number.isFinite(backSeconds)) {
    return ['After an outage they never all come back: the load leaves no time for set-ups.'];
  }
  return [
    `After an outage all are back within ${seconds(backSeconds)}, counted from when everything runs again:`,
    `${REDIAL_MS / 1000} s that a peer may wait, then set-ups: ${seconds(service.setUpSeconds)} of the service, ${seconds(envoy.setUpSeconds)} of Envoy.`,
  ];
}

function seconds(value: number): string {
  return shortTime(Math.ceil(value) * 1000);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Three significant digits at least, and a comma for the thousands. */
function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function mib(value: number): string {
  return value >= 1024 ? `${(value / 1024).toFixed(1)} GiB` : `${Math.round(value)} MiB`;
}
