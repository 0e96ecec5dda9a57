import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { documentOf } from './yaml-files.js';

/** A part of the document: an operation, a schema. */
export interface Part {
  readonly [name: string]: unknown;
}

/** `proto/openapi.yaml`, as far as tests read it. */
export interface OpenApi extends Part {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Part>> };
}

export interface Operation extends Part {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Part }[];
  readonly requestBody?: Body;
  readonly responses: { readonly '200': Body };
}

interface Body {
  readonly content: Readonly<Record<string, { readonly schema: Part }>>;
}

const REFERENCE = '#/components/schemas/';

export function openApiDocument(): OpenApi {
  return documentOf<OpenApi>('proto/openapi.yaml');
}

/** Judges what is asked and answered by the schemas of the document. Answers may have no field that it does not know. */
export class OpenApiJudge {
  readonly document = openApiDocument();
  /** The operations of which an answer was judged. */
  readonly judged = new Set<string>();
  readonly #ajv = new Ajv2020({ allErrors: true });
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor() {
    formats.default(this.#ajv);
    // Kept for generators of clients; the pattern is what counts.
    this.#ajv.addFormat('int64', true);
    const all = Object.values(this.document.paths).flatMap((verbs) => Object.values(verbs));
    this.#operations = new Map(all.map((operation) => [operation.operationId, operation]));
    const $defs = Object.fromEntries(
      Object.entries(this.document.components.schemas).map(([name, schema]) => [name, closed(schema)]),
    );
    this.#ajv.addSchema(moved({ $id: 'contract', $defs }));
  }

  get operations(): string[] {
    return [...this.#operations.keys()];
  }

  /** Throws unless it is an answer, or a line of one, to that operation. */
  answer(operationId: string, answer: unknown): void {
    const [content] = Object.values(this.#operation(operationId).responses['200'].content);
    this.#judge(content?.schema, answer, `an answer of ${operationId}`);
    this.judged.add(operationId);
  }

  /** Throws unless it is a body for that operation. */
  request(operationId: string, body: unknown): void {
    const content = this.#operation(operationId).requestBody?.content['application/json'];
    this.#judge(content?.schema, body, `a request of ${operationId}`);
  }

  /** Throws unless it is a failure. */
  failure(answer: unknown): void {
    this.#judge({ $ref: `${REFERENCE}Status` }, answer, 'a failure');
  }

  #operation(operationId: string): Operation {
    const operation = this.#operations.get(operationId);
    if (operation === undefined) throw new Error(`${operationId} is no operation of the document`);
    return operation;
  }

  #judge(schema: Part | undefined, value: unknown, what: string): void {
    if (schema === undefined) throw new Error(`the document has no schema of ${what}`);
    const validate: ValidateFunction = this.#ajv.compile(moved(schema, 'contract'));
    if (validate(value)) return;
    throw new Error(`${what} is not as described: ${this.#ajv.errorsText(validate.errors)}: ${JSON.stringify(value)}`);
  }
}

/** The schema with its references pointing into `$defs` of that schema. */
function moved<T extends object>(schema: T, of = ''): T {
  return JSON.parse(JSON.stringify(schema).replaceAll(`"${REFERENCE}`, `"${of}#/$defs/`)) as T;
}

/** The schema of a message, open for what may come with later contracts, closed. */
function closed(schema: Part): Part {
  return schema['type'] === 'object' ? { additionalProperties: false, ...schema } : schema;
}
