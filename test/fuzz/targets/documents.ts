import { parseDocument } from 'yaml';
import { options } from '../../../proxy/config/options.js';
import { parseValue } from '../../../proxy/config/value.js';
import { denialKeys } from '../../../proxy/policy/lists/deny-list.js';
import { compilePolicy, policyJson } from '../../../proxy/policy/rules/compile.js';
import { identity } from '../../support/fixtures.js';
import { broken, parser } from '../target.js';

const MAX_DOCUMENT_BYTES = 8192;
const YAML_WORDS = [
  ...[
    'version: 1\n',
    'rules:\n',
    '  - name: a\n',
    '    allow: ',
    '    match: { subject: "CN=a" }\n',
    '&a ',
    '*a',
    '<<: ',
    '!!js/function ',
  ],
  ...[
    '"{{',
    '{cn}',
    '${',
    '\t',
    '- ',
    ': ',
    '? ',
    '|\n',
    '>-\n',
    '# ',
    '[*a, *a]',
    '---\n',
    '...\n',
    '0x1',
    '.inf',
    '2026-01-01',
  ],
];

/** A policy is compiled or has its faults, each with a place; a compiled one answers whatever it is asked. */
export const policy = parser(
  'policy',
  [...YAML_WORDS, 'manager', 'gateway', 'any', 'meetup: ', 'role: ', 'limits: ', 'control:\n', 'fields: '],
  (input) => {
    const text = input.toString();
    const read = compilePolicy(text);
    if ('faults' in read !== 'faults' in policyJson(text)) broken('read in another thread it is another');
    if ('faults' in read) {
      if (read.faults.length === 0 || read.faults.some(({ message }) => message === '')) broken('a fault says nothing');
      return;
    }
    const { errors } = parseDocument(text);
    if (errors.length > 0) broken('it is no YAML');
    for (const meetup of ['sub/1/gw', '', 'a?b']) read.ok.decide(identity(), meetup);
  },
  MAX_DOCUMENT_BYTES,
);

/** A deny list is read or has its faults. */
export const denyList = parser(
  'deny-list',
  [
    ...YAML_WORDS,
    'deny:\n',
    '  - fingerprint: ',
    '  - serial: ',
    '    issuer: "CN=a"\n',
    '  - subject: ',
    '  - uri: spiffe://',
  ],
  (input) => {
    const read = denialKeys('deny.yaml', input);
    if (!('ok' in read) && read.fault === '') broken('the fault says nothing');
  },
  MAX_DOCUMENT_BYTES,
);

const rows = Object.entries(options);

/** The value of an option, in every way that options are read: within its bounds, or a fault. */
export const option = parser('option', ['ms', 's', 'KiB', '1e3', '0x10', '-1', 'true', 'unix:', ',', '.5'], (input) => {
  const text = input.toString();
  for (const [name, row] of rows) {
    const read = parseValue(row, text);
    if (!('ok' in read)) continue;
    const { ok } = read;
    const { min, max } = row as { readonly min?: number; readonly max?: number };
    if (typeof ok === 'number' && !(ok >= (min ?? 0) && ok <= (max ?? Number.MAX_SAFE_INTEGER))) {
      broken(`--${name} is ${ok}`);
    }
  }
});
