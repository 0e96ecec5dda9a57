import { type JsonCall, jsonCalls } from './calls.js';

/**
 * The result of looking up a request's verb and path.
 * - `call`: a call; `bound` is the value of the field in the path, still percent-encoded.
 * - `other_verbs`: the path has calls, but none with that verb.
 * - `no_path`: no call has that path.
 */
export type Route =
  | { readonly t: 'call'; readonly call: JsonCall; readonly bound: string | undefined }
  | { readonly t: 'other_verbs'; readonly allow: string }
  | { readonly t: 'no_path' };

/** Finds the call; `path` is without its query. */
export function routeOf(verb: string, path: string): Route {
  const here = jsonCalls.filter(({ pattern }) => pattern.test(path));
  const call = here.find((one) => one.verb === verb);
  if (call !== undefined) return { t: 'call', call, bound: call.pattern.exec(path)?.[1] };
  if (here.length === 0) return { t: 'no_path' };
  return { t: 'other_verbs', allow: here.map((one) => one.verb).join(', ') };
}
