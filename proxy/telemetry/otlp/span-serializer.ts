import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ExportedSpan } from './exported-span.js';
import { ProtobufWriter } from './protobuf-writer.js';
import { RequestFrame } from './request-frame.js';
import { writeSpan } from './span-writer.js';

type LibrarySpan = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];
/** A span as this serializer takes it. */
export type SerializedSpan = ExportedSpan<LibrarySpan['resource'], LibrarySpan['instrumentationScope']>;

/** Capacity of the buffer that the first request is written in, bytes; it grows. */
const FIRST_BYTES = 64 * 1024;
/** Largest buffer that is kept for the next request, bytes. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Makes an OTLP request of spans, byte for byte what the library's serializer makes. All spans must have the resource and the scope
 * of the first that it was ever given.
 *
 * A request is written into the buffer of the request before it: to allocate and clear a new buffer for each was a quarter of the
 * time that an exported span took. The exporter therefore says when an export begins and when it has ended.
 */
export class SpanSerializer {
  #frame: RequestFrame | undefined;
  #writer = new ProtobufWriter(FIRST_BYTES);
  #underWay = 0;

  /** An export begins; it serializes at most one request. */
  begun(): void {
    this.#underWay += 1;
  }

  /** An export has ended: its request is read no more, and the buffer is free. */
  ended(): void {
    this.#underWay -= 1;
  }

  serializeRequest(spans: SerializedSpan[]): Uint8Array {
    if (spans.length === 0) return new Uint8Array(0);
    this.#frame ??= new RequestFrame(library(spans.slice(0, 1)));
    const writer = this.#free();
    writer.moveTo(this.#frame.room);
    for (const { finished } of spans) writeSpan(writer, finished);
    return this.#frame.around(writer);
  }

  deserializeResponse(data: Uint8Array): ReturnType<typeof ProtobufTraceSerializer.deserializeResponse> {
    return ProtobufTraceSerializer.deserializeResponse(data);
  }

  /** Returns a writer whose buffer nobody reads. Several exports are under way at once only while the processor is flushed. */
  #free(): ProtobufWriter {
    if (this.#underWay > 1 || this.#writer.capacity > MAX_KEPT_BYTES) this.#writer = new ProtobufWriter(FIRST_BYTES);
    return this.#writer;
  }
}

function library(spans: SerializedSpan[]): Uint8Array {
  const request = ProtobufTraceSerializer.serializeRequest(spans);
  if (request === undefined) throw new Error('the library makes no request of a span');
  return request;
}
