/** The MIME type alone, in lower case: `Text/HTML; charset=utf-8` is `text/html` (RFC 9110 §8.3.1). */
export function mediaType(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** JSON as the protocol has it: exactly `application/json`; `+json` types are text, so that their name is kept. */
export function isJson(type: string): boolean {
  return mediaType(type) === 'application/json';
}

/** Whether bodies of the type are text in UTF-8, and so can be carried as text. */
export function isTextual(type: string): boolean {
  const media = mediaType(type);
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset)) return false;
  return media.startsWith('text/') || /\+(json|xml|yaml)$/.test(media) || textualApplications.has(media);
}

const textualApplications: ReadonlySet<string> = new Set([
  'application/xml',
  'application/yaml',
  'application/javascript',
  'application/graphql',
  'application/x-ndjson',
  'application/x-www-form-urlencoded',
]);
