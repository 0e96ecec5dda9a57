import { measuredCosts, type PartCosts } from '../../bench/costs.js';
import { sizeFor } from '../../bench/size.js';
import { sizeText } from '../../bench/size-text.js';
import { withPart } from './marked-part.js';

/** Marks in docs/operations.md, each with what stands between it and its end. */
const PARTS: Readonly<Record<string, () => string>> = { costs: costsTable, size: example };
const US = 1_000_000;
const KIB_OF_GIB = 1024 * 1024;

/** The rows of the table of costs. */
const rows: readonly (readonly [what: string, of: (costs: PartCosts) => string])[] = [
  ['CPU of a relayed message that comes alone: 200 pairs × 1 in flight, 200-byte bodies', (of) => `${of.messageUs} µs`],
  ['the same in bunches: 10 pairs × 16 in flight', (of) => `${of.bunchedMessageUs} µs`],
  ['each further KiB of its body', (of) => `${of.kibUs} µs`],
  ['CPU of a session that is set up and ends: two connections, TLS with certificates', (of) => `${of.setUpMs} ms`],
  ['CPU of an idle session, which is pinged', (of) => `${of.idleUs} µs a second`],
  ['memory of an idle session, two connections', (of) => `${of.sessionKib} KiB`],
  ['memory before the first session', (of) => `${of.baseMib} MiB`],
  ['**a core of it does** messages that come alone', (of) => `${rounded(US / of.messageUs)} a second`],
  ['… messages in bunches', (of) => `${rounded(US / of.bunchedMessageUs)} a second`],
  ['… set-ups', (of) => `${rounded(1_000 / of.setUpMs)} a second`],
  ['… idle sessions', (of) => rounded(US / of.idleUs)],
  ['**a GiB of it holds** idle sessions', (of) => rounded(KIB_OF_GIB / of.sessionKib)],
];

/** The document with the table of costs and the example put where they belong; throws when a place is missing. */
export function withSizes(document: string): string {
  return Object.entries(PARTS).reduce((text, [name, made]) => withPart(text, name, made()), document);
}

function costsTable(): string {
  const { source, service, envoy } = measuredCosts;
  const lines = rows.map(([what, of]) => `| ${what} | ${of(service)} | ${of(envoy)} |`);
  return [`Measured on ${source}:`, '', '| what | service | Envoy |', '| --- | --- | --- |', ...lines].join('\n');
}

function example(): string {
  const demand = { pairs: 20_000, rate: 0.5, bodyBytes: 200, lifeMs: 3_600_000, headroom: 0.5, reconnectMs: 30_000 };
  const command = 'ws-proxy size --pairs 20000 --rate 0.5 --reconnect-in 30s';
  return `\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`text\n${sizeText(sizeFor(demand, measuredCosts))}\`\`\``;
}

/** Two significant digits. */
function rounded(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}
