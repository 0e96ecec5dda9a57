import type { ServiceError } from '@grpc/grpc-js';
import type { Status__Output } from '../generated/google/rpc/Status.js';
import { codecOf } from './contract.js';

/** The trailer that carries the details of a failure. */
export const DETAILS_TRAILER = 'grpc-status-details-bin';

/** `google.rpc.ErrorInfo` as plain values. */
export interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An entry of a protobuf map. From a descriptor image the loader reads maps in their wire form, as lists of entries. */
interface Entry {
  readonly key: string;
  readonly value: string;
}

/** Packs an ErrorInfo into google.protobuf.Any. */
export function packedErrorInfo(info: ErrorInfo): { type_url: string; value: Buffer } {
  return packed('ErrorInfo', {
    ...info,
    metadata: Object.entries(info.metadata).map(([key, value]) => ({ key, value })),
  });
}

/** Packs a google.rpc detail without maps into google.protobuf.Any. */
export function packed(type: string, value: object): { type_url: string; value: Buffer } {
  return { type_url: typeUrl(type), value: codecOf(`google.rpc.${type}`).serialize(value) };
}

/** The trailer with the details of a failure; empty when there is none, as where the failure is the library's. */
export function trailerOf({ metadata }: Pick<ServiceError, 'metadata'>): Buffer {
  const [trailer] = metadata?.get(DETAILS_TRAILER) ?? [];
  return Buffer.isBuffer(trailer) ? trailer : Buffer.alloc(0);
}

/** The reason that the other side gave for a failure; empty when the failure is the library's. */
export function reasonOf(error: Pick<ServiceError, 'metadata'>): string {
  return errorInfoIn(trailerOf(error))?.reason ?? '';
}

/** Reads the ErrorInfo from such a trailer; undefined when there is none or it cannot be read. */
export function errorInfoIn(trailer: Buffer): ErrorInfo | undefined {
  const info = detailIn<Omit<ErrorInfo, 'metadata'> & { metadata: readonly Entry[] }>(trailer, 'ErrorInfo');
  if (info === undefined) return undefined;
  return { ...info, metadata: Object.fromEntries(info.metadata.map(({ key, value }) => [key, value])) };
}

/** Reads a detail of that type from a trailer; undefined when there is none or it cannot be read. */
export function detailIn<Detail>(trailer: Buffer, type: string): Detail | undefined {
  try {
    const status = codecOf('google.rpc.Status').deserialize(trailer) as unknown as Status__Output;
    const any = status.details.map(asAny).find((one) => one.type_url === typeUrl(type));
    return any && (codecOf(`google.rpc.${type}`).deserialize(any.value) as Detail);
  } catch {
    return undefined;
  }
}

function asAny(detail: object): { type_url: string; value: Buffer } {
  return detail as { type_url: string; value: Buffer };
}

function typeUrl(type: string): string {
  return `type.googleapis.com/google.rpc.${type}`;
}
