import type { Status__Output } from '../generated/google/rpc/Status.js';
import { codecOf } from './contract.js';

/** `google.rpc.ErrorInfo` as plain values. */
export interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An entry of a protobuf map: the loader reads maps from a descriptor image as what they are on the wire. */
interface Entry {
  readonly key: string;
  readonly value: string;
}

/** google.protobuf.Any of an ErrorInfo. */
export function packedErrorInfo(info: ErrorInfo): { type_url: string; value: Buffer } {
  return packed('ErrorInfo', {
    ...info,
    metadata: Object.entries(info.metadata).map(([key, value]) => ({ key, value })),
  });
}

/** google.protobuf.Any of a google.rpc detail without maps. */
export function packed(type: string, value: object): { type_url: string; value: Buffer } {
  return { type_url: typeUrl(type), value: codecOf(`google.rpc.${type}`).serialize(value) };
}

/** The ErrorInfo in a trailer `grpc-status-details-bin`; undefined when there is none that can be read. */
export function errorInfoIn(trailer: Buffer): ErrorInfo | undefined {
  const info = detailIn<Omit<ErrorInfo, 'metadata'> & { metadata: readonly Entry[] }>(trailer, 'ErrorInfo');
  if (info === undefined) return undefined;
  return { ...info, metadata: Object.fromEntries(info.metadata.map(({ key, value }) => [key, value])) };
}

/** A detail of that type in a trailer; undefined when there is none that can be read. */
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
