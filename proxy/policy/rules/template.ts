import { faultOf } from '../../wire/path.js';
import { type Captures, compilePattern, matchPattern, type Pattern } from './pattern.js';

/**
 * A template for meetup ids: a pattern for the path, and a condition on the query string, which is part of the id.
 *
 *     sub/{subscriber}/{gateway}     no query string
 *     sub/*?debug=1                  exactly that query string
 *     sub/*?*                        any query string, or none
 *     sub/**                         everything below sub/, with any query string or none
 */
export interface Template {
  readonly text: string;
  readonly path: Pattern;
  readonly query: { readonly t: 'none' } | { readonly t: 'any' } | { readonly t: 'text'; readonly text: string };
}

/** Reads a template. The fault is for people and follows the place in the file. */
export function compileTemplate(text: string): { readonly ok: Template } | { readonly fault: string } {
  const mark = text.indexOf('?');
  const compiled = compilePattern(mark < 0 ? text : text.slice(0, mark), '/');
  if ('fault' in compiled) return compiled;
  const path = compiled.ok;
  const asked = mark < 0 ? undefined : text.slice(mark + 1);
  if (path.isOpen && asked !== undefined)
    return { fault: 'has a query string after "**", which takes every one already' };
  const query = queryOf(asked, path);
  const fault = faultOf(exampleOf(path) + (query.t === 'text' ? `?${query.text}` : ''));
  if (fault !== undefined) return { fault: `can fit no meetup id: ${fault}` };
  return { ok: { text, path, query } };
}

/** Finds the values of the names in a meetup id; undefined when the template does not fit. */
export function matchTemplate(template: Template, meetupId: string): Captures | undefined {
  const mark = meetupId.indexOf('?');
  if (!fitsQuery(template, mark < 0 ? undefined : meetupId.slice(mark + 1))) return undefined;
  return matchPattern(template.path, mark < 0 ? meetupId : meetupId.slice(0, mark));
}

function queryOf(asked: string | undefined, path: Pattern): Template['query'] {
  if (path.isOpen || asked === '*') return { t: 'any' };
  return asked === undefined ? { t: 'none' } : { t: 'text', text: asked };
}

function fitsQuery({ query }: Template, sent: string | undefined): boolean {
  if (query.t === 'any') return true;
  return query.t === 'none' ? sent === undefined : sent === query.text;
}

/** Makes a meetup id that fits the path, to check that a valid one exists. */
function exampleOf(path: Pattern): string {
  const parts = path.segments.map((segment) => {
    if (segment.t === 'text') return segment.text;
    return segment.t === 'any' ? 'x' : `${segment.before}x${segment.after}`;
  });
  return [...parts, ...(path.isOpen ? ['x'] : [])].join('/');
}
