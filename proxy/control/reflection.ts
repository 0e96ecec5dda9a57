import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { service as healthService } from 'grpc-health-check';
import { descriptorFiles } from './contract.js';

/**
 * gRPC reflection over the contract's files as the compiler wrote them. The library would take the loader's own view of them,
 * which loses the well-known types.
 */
export function addReflection(server: Server): void {
  const fileDescriptorProtos = [...descriptorFiles(), ...filesOf(healthService)];
  const files = { files: { format: '', type: {}, fileDescriptorProtos } };
  new ReflectionService(files as unknown as PackageDefinition).addToServer(server);
}

/** The files that the loader read a service from. */
function filesOf(service: object): readonly Buffer[] {
  const [method] = Object.values(service as ServiceDefinition);
  return method?.requestType.fileDescriptorProtos ?? [];
}
