import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { descriptorFiles } from './contract.js';

/**
 * gRPC reflection over the contract's files as the compiler wrote them. The library would serve the files as the loader sees them,
 * without the well-known types and with broken maps.
 */
export function addReflection(server: Server): void {
  const files = { files: { format: '', type: {}, fileDescriptorProtos: descriptorFiles() } };
  new ReflectionService(files as unknown as PackageDefinition).addToServer(server);
}
