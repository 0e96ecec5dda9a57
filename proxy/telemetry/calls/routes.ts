/** Most route templates; the number of values that the label `http.route` can take. */
export const MAX_ROUTES = 100;

interface Node {
  readonly literals: Map<string, Node>;
  any: Node | undefined;
  template: string | undefined;
}

/** A list of route templates is not valid; the message tells the operator in one line what is wrong. */
export class RouteError extends Error {
  override readonly name = 'RouteError';
  readonly exitCode = 2;
}

/**
 * Route templates that the operator names, such as `/micronets/v1/gateway/{gateway}/micronets`: only templates become span names
 * and labels, never a path itself. A segment in braces stands for any one segment; a literal segment wins over it.
 */
export class Routes {
  readonly templates: readonly string[];
  readonly #root = node();

  /** Throws a RouteError that names the template. */
  constructor(templates: readonly string[]) {
    if (templates.length > MAX_ROUTES)
      throw new RouteError(`${templates.length} route templates; at most ${MAX_ROUTES} are allowed`);
    this.templates = templates;
    for (const template of templates) this.#add(template);
  }

  get empty(): boolean {
    return this.templates.length === 0;
  }

  /** The template that a path, without its query, matches. */
  match(path: string): string | undefined {
    return this.empty || !path.startsWith('/') ? undefined : find(this.#root, path.split('/'), 1);
  }

  #add(template: string): void {
    if (!template.startsWith('/')) throw new RouteError(`route template "${template}" does not start with /`);
    let at = this.#root;
    for (const segment of template.split('/').slice(1)) at = step(at, segment, template);
    if (at.template !== undefined)
      throw new RouteError(`route templates "${at.template}" and "${template}" match the same paths`);
    at.template = template;
  }
}

function step(at: Node, segment: string, template: string): Node {
  if (/^\{[^{}]+\}$/.test(segment)) {
    at.any ??= node();
    return at.any;
  }
  if (/[{}?#]/.test(segment))
    throw new RouteError(`route template "${template}": "${segment}" is neither a literal nor a {name}`);
  const next = at.literals.get(segment) ?? node();
  at.literals.set(segment, next);
  return next;
}

function find(at: Node, segments: readonly string[], from: number): string | undefined {
  const segment = segments[from];
  if (segment === undefined) return at.template;
  const literal = at.literals.get(segment);
  const found = literal === undefined ? undefined : find(literal, segments, from + 1);
  if (found !== undefined || at.any === undefined || segment === '') return found;
  return find(at.any, segments, from + 1);
}

function node(): Node {
  return { literals: new Map(), any: undefined, template: undefined };
}
