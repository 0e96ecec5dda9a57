import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { messageNamed } from '../calls.js';
import { fieldSchema, type Schema } from './field-schema.js';

/** What a failure may carry (AIP-193). */
const DETAILS = ['ErrorInfo', 'BadRequest', 'ResourceInfo', 'RetryInfo'] as const;

/** The schemas of messages and enums; each is made when it is first referred to. */
export class Components {
  readonly schemas: Record<string, Schema> = {};
  readonly #names = new Map<string, string>();
  readonly #comments: ReadonlyMap<string, string>;

  constructor(comments: ReadonlyMap<string, string>) {
    this.#comments = comments;
  }

  /** The comment above something of the contract. Throws where there is none: nothing is left unsaid. */
  commentOf(name: string): string {
    const comment = this.#comments.get(name);
    if (comment === undefined) throw new Error(`${name} has no comment in the contract`);
    return comment;
  }

  /** A request, as a body or for its fields alone: nothing else is taken, and no field must be there. `without` is in the path. */
  request(message: DescMessage, without: string | undefined): Schema {
    const fields = message.fields.filter(({ name }) => name !== without);
    return this.#refer(message, () => ({
      ...this.#object(message, fields),
      additionalProperties: false,
      ...atMostOne(message),
    }));
  }

  /** An answer: fields without presence are always written. */
  readonly answer = (of: DescMessage | DescEnum): Schema => {
    if (of.kind === 'enum') return this.#refer(of, () => this.#enum(of));
    if (of.typeName === 'google.protobuf.Any') return this.#anyDetail();
    return this.#refer(of, () => this.#written(of));
  };

  /** A field of a request or of an answer, with its comment. */
  field(field: DescField): Schema {
    const description = this.commentOf(`${field.parent.typeName}.${field.name}`);
    return { description, ...fieldSchema(field, this.answer) };
  }

  #written(message: DescMessage): Schema {
    const always = message.fields.filter(({ presence }) => presence === FeatureSet_FieldPresence.IMPLICIT);
    const required = always.map(({ jsonName }) => jsonName);
    return { ...this.#object(message, message.fields), ...(required.length > 0 && { required }) };
  }

  #object(message: DescMessage, fields: readonly DescField[]): Schema {
    const description = this.commentOf(message.typeName);
    const properties = Object.fromEntries(fields.map((field) => [field.jsonName, this.field(field)]));
    return { type: 'object', description, properties };
  }

  #enum({ typeName, values }: DescEnum): Schema {
    const told = values.map(({ name }) => `- \`${name}\`: ${this.commentOf(`${typeName}.${name}`)}`);
    const description = [this.commentOf(typeName), told.join('\n')].join('\n\n');
    return { type: 'string', description, enum: values.map(({ name }) => name) };
  }

  #anyDetail(): Schema {
    const details = DETAILS.map((name) => messageNamed(`google.rpc.${name}`));
    return { anyOf: details.map((detail) => this.#refer(detail, () => this.#marked(detail))) };
  }

  /** A message in an Any, which says its type. */
  #marked(message: DescMessage): Schema {
    const { properties, required, ...rest } = this.#written(message);
    const type = { description: 'Which detail this is.', const: `type.googleapis.com/${message.typeName}` };
    const names = Array.isArray(required) ? required : [];
    return { ...rest, properties: { '@type': type, ...(properties as object) }, required: ['@type', ...names] };
  }

  #refer({ typeName, file }: DescMessage | DescEnum, make: () => Schema): Schema {
    const name = typeName.slice(file.proto.package.length + 1);
    const known = this.#names.get(name) ?? typeName;
    if (known !== typeName) throw new Error(`${known} and ${typeName} would have one name`);
    if (!this.#names.has(name)) {
      this.#names.set(name, typeName);
      // Its place in the document comes before those of what it refers to.
      this.schemas[name] = {};
      this.schemas[name] = make();
    }
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** The fields of a oneof exclude each other. */
function atMostOne({ oneofs }: DescMessage): Schema {
  const pairs = oneofs.flatMap(({ fields }) => {
    const names = fields.map(({ jsonName }) => jsonName);
    return names.map((name) => {
      const others = names.filter((other) => other !== name).map((other) => ({ required: [other] }));
      return [name, { not: { anyOf: others } }] as const;
    });
  });
  return pairs.length === 0 ? {} : { dependentSchemas: Object.fromEntries(pairs) };
}
