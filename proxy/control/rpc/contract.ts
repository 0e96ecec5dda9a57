import { readFileSync } from 'node:fs';
import {
  loadFileDescriptorSetFromBuffer,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';
import protobuf from 'protobufjs/minimal.js';
import type { ControlServiceDefinition } from '../generated/micronets/wsproxy/control/v1/ControlService.js';

/** Full name of the service, as in the paths of its calls. */
export const CONTROL_SERVICE = 'micronets.wsproxy.control.v1.ControlService';

/** The descriptor image that `npm run generate` makes of `proto/`. */
export const descriptorImage: Buffer = readFileSync(new URL('../../../../proto/control.binpb', import.meta.url));

/** Options for the loader; the generated types are true for these options only. */
const definition: PackageDefinition = loadFileDescriptorSetFromBuffer(descriptorImage, {
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});

/** The definition of the control service, for a server and for clients. */
export const controlService = definition[CONTROL_SERVICE] as unknown as ControlServiceDefinition & ServiceDefinition;

/** Returns the codec of a message of the contract by its full name. Throws on a name that the contract does not have. */
export function codecOf(name: string): MessageTypeDefinition<object, object> {
  const found = definition[name];
  if (found === undefined || !('format' in found) || !('serialize' in found)) throw new Error(`no message ${name}`);
  return found as unknown as MessageTypeDefinition<object, object>;
}

/** The contract's files as encoded FileDescriptorProto, each as the compiler wrote it. */
export function descriptorFiles(): Buffer[] {
  const reader = protobuf.Reader.create(descriptorImage);
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === FILE_TAG) files.push(Buffer.from(reader.bytes()));
    else reader.skipType(tag & 7);
  }
  return files;
}

/** `repeated FileDescriptorProto file = 1` of FileDescriptorSet: field 1, length-delimited. */
const FILE_TAG = 10;
