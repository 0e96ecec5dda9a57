import { fromBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

/** Numbers of the fields of the descriptors (google/protobuf/descriptor.proto), of which a place in a file is made. */
const FILE = { message: 4, enum: 5, service: 6 } as const;
const MESSAGE = { message: 3, enum: 4 } as const;
const MEMBER = 2;

type Named = readonly [place: string, name: string];

/**
 * Returns the comments of a descriptor image that has source info, by the full name of the message, field, enum, value, service or call that
 * each stands above. Paragraphs are lines, with an empty line between.
 */
export function commentsIn(image: Uint8Array): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const file of fromBinary(FileDescriptorSetSchema, image).file) {
    const names = new Map(namesIn(file));
    for (const { path, leadingComments } of file.sourceCodeInfo?.location ?? []) {
      const name = names.get(path.join());
      if (name !== undefined && leadingComments !== '') comments.set(name, flowing(leadingComments));
    }
  }
  return comments;
}

function namesIn(file: FileDescriptorProto): Named[] {
  const within = file.package;
  return [
    ...file.messageType.flatMap((one, at) => inMessage(one, `${FILE.message},${at}`, within)),
    ...file.enumType.flatMap((one, at) => inEnum(one, `${FILE.enum},${at}`, within)),
    ...file.service.flatMap(({ name, method }, at) => members(`${within}.${name}`, `${FILE.service},${at}`, method)),
  ];
}

function inMessage(message: DescriptorProto, place: string, within: string): Named[] {
  const name = `${within}.${message.name}`;
  return [
    ...members(name, place, message.field),
    ...message.nestedType.flatMap((one, at) => inMessage(one, `${place},${MESSAGE.message},${at}`, name)),
    ...message.enumType.flatMap((one, at) => inEnum(one, `${place},${MESSAGE.enum},${at}`, name)),
  ];
}

function inEnum({ name, value }: EnumDescriptorProto, place: string, within: string): Named[] {
  return members(`${within}.${name}`, place, value);
}

/** Something and its fields, values or calls, which have the number 2 in all three. */
function members(name: string, place: string, inside: readonly { readonly name: string }[]): Named[] {
  return [[place, name], ...inside.map((one, at): Named => [`${place},${MEMBER},${at}`, `${name}.${one.name}`])];
}

/** Joins the lines of each paragraph. */
function flowing(comment: string): string {
  const paragraphs = comment.trim().split(/\n\s*\n/);
  return paragraphs.map((one) => one.replace(/\s*\n\s*/g, ' ').trim()).join('\n\n');
}
