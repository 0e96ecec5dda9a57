import { readFileSync } from 'node:fs';
import type { ExplainAccessRequest } from '../proxy/control/generated/micronets/wsproxy/control/v1/ExplainAccessRequest.js';
import type { ExplainAccessResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ExplainAccessResponse.js';
import { fileFault } from '../proxy/values/file-fault.js';
import { jsonText } from '../proxy/wire/json-text.js';
import { meetupIdFrom } from '../proxy/wire/path.js';
import { safe } from '../proxy/wire/safe-text.js';
import { connected } from './connection.js';
import type { ConnectionFlags } from './connection-flags.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { jsonForm } from './json-form.js';
import { wrapped } from './past-text.js';
import type { Terminal } from './terminal.js';

/** Whose access is asked about. */
export type Whose =
  | { readonly file: string }
  | { readonly subject: string }
  | { readonly fingerprint: string }
  /** Who was last refused at the meetup. */
  | 'last_refused';

function whoseFields(whose: Whose): ExplainAccessRequest {
  if (whose === 'last_refused') return { last_refused: true };
  if ('subject' in whose) return { subject_part: whose.subject };
  return 'fingerprint' in whose ? { fingerprint: whose.fingerprint } : { certificate_pem: pemOf(whose.file) };
}

/** The answer of a running service: true when it would let the certificate in. Rejects with AdminFailure. */
export async function explainOnline(
  question: {
    /** Whose: of a certificate in a file, or of one that the service remembers. */
    readonly whose: Whose;
    readonly target: string;
    readonly pathPrefix: string;
    readonly output: 'text' | 'json';
  },
  flags: ConnectionFlags,
  io: Terminal,
): Promise<boolean> {
  const request = {
    ...whoseFields(question.whose),
    meetup_id: meetupOf(question.target, question.pathPrefix),
  };
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<ExplainAccessResponse__Output>((metadata, options, done) =>
      client.explainAccess(request, metadata, options, done),
    ),
  );
  io.out(question.output === 'json' ? `${jsonText(jsonForm(answer), 2)}\n` : textOf(answer, io.columns));
  return answer.allowed;
}

/** The certificates of a PEM file, without the key that may lie beside them: it must not leave this machine. */
function pemOf(file: string): string {
  const certificates = contentOf(file).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length > 0) return `${certificates.join('\n')}\n`;
  throw new AdminFailure(`${file}: holds no PEM certificate`, EXIT.usage);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AdminFailure(`${file}: ${fileFault(error)}`, EXIT.usage);
  }
}

function meetupOf(target: string, prefix: string): string {
  const path = /^[a-z]+:\/\/[^/?#]*(\/.*)$/i.exec(target)?.[1] ?? target;
  if (!path.startsWith('/')) return path;
  const reading = meetupIdFrom(path, prefix);
  if ('ok' in reading) return reading.ok;
  throw new AdminFailure(`${target}: ${reading.detail}`, EXIT.usage);
}

function textOf(answer: ExplainAccessResponse__Output, width = Number.POSITIVE_INFINITY): string {
  const rows: readonly (readonly [string, string])[] = [
    ['because', answer.reason],
    ['rule', answer.rule],
    ['role', answer.role],
    ['subject', answer.certificate_subject],
    ['sha256', answer.fingerprint],
    ...answer.steps.map((step) => ['step', step] as const),
  ];
  const told = rows
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${wrapped(`${name.padEnd(11)} ${safe(text)}`, width, ' '.repeat(12))}\n`);
  return `${answer.allowed ? 'ALLOW' : `DENY ${safe(answer.refusal)}`}\n${told.join('')}`;
}
