import { isHeader, readHeaders, readPairs } from '../../../peer/headers.js';
import { readIncoming } from '../../../peer/incoming.js';
import { jsonFault, MAX_JSON_DEPTH } from '../../../peer/json-fault.js';
import { memberText } from '../../../peer/json-member.js';
import { joinTarget, readRawQuery, splitTarget } from '../../../peer/target.js';
import { broken, parser } from '../target.js';
import { ENVELOPE_WORDS, JSON_WORDS } from './words.js';

const BASE = '/api/v1';

/** Every text of a partner is sorted, and a target made of it stays below the base of the API, by every reader of URLs. */
export const incoming = parser(
  'incoming',
  [...ENVELOPE_WORDS, '//host/', 'http://host/', '%2e%2e', '..;x', '\\\\', '\\r\\n'],
  (input) => {
    for (const form of ['exact', 'deployed'] as const) {
      const read = readIncoming(input, false, form);
      if (read.kind !== 'request' || 'fault' in read.request) continue;
      const target = joinTarget(BASE, read.request);
      if (typeof target === 'string') stays(target);
      for (const { name, value } of read.request.headers)
        if (!isHeader(name, value)) broken(`the header ${name} is none`);
    }
  },
);

/** A target of HTTP, split as a bridge does and joined as a gateway does. */
export const target = parser(
  'target',
  ['/', '//', '..', '%2e', '%252e', '%2f', '%5c', '\\', '?', '&', ';', 'http://host', '*', '@'],
  (input) => {
    const split = splitTarget(input.toString('latin1'));
    // On its way the gateway reads it as what a partner says.
    if ('fault' in split || 'fault' in readRawQuery(split.rawQuery)) return;
    const joined = joinTarget(BASE, split);
    if (typeof joined === 'string') stays(joined);
  },
);

function stays(target: string): void {
  const { host, pathname } = new URL(target, 'http://api.test');
  if (host !== 'api.test') broken(`it goes to ${host}`);
  if (!`${pathname}/`.startsWith(`${BASE}/`)) broken(`it leaves the base: ${target}`);
  if (/[^\x21-\x7e]/.test(target)) broken('it would end the request line');
}

/** Lists of headers and of a query: texts, or a fault; no header that could end its line. */
export const pairs = parser(
  'pairs',
  [...JSON_WORDS, '"name":', '"value":', '"val":', '\\r\\n', '\\u0000', 'Host'],
  (input) => {
    let value: unknown;
    try {
      value = JSON.parse(input.toString());
    } catch {
      return;
    }
    const headers = readHeaders(value);
    if (Array.isArray(headers) && headers.some((one) => /[\r\n\0]/.test(one.name + one.value)))
      broken('a header ends its line');
    readPairs(value, 'pairs');
  },
);

/** The place of a fault is found where the engine finds one; a member's text is the text of that member. */
export const json = parser('json', JSON_WORDS, (input) => {
  const text = input.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (jsonFault(text) === undefined) broken('the engine finds a fault');
    return;
  }
  const fault = jsonFault(text);
  if (fault !== undefined && depthOf(text) <= MAX_JSON_DEPTH) broken('the engine finds no fault');
  const member = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['a'] : undefined;
  const written = memberText(text, 'a');
  if (written !== undefined && JSON.stringify(JSON.parse(written)) !== JSON.stringify(member))
    broken('it is another member');
});

function depthOf(text: string): number {
  return text.split(/[[{]/).length - 1;
}
