import { type ProtobufWriter, varintBytes } from './protobuf-writer.js';

/** Tags of `ExportTraceServiceRequest.resource_spans` and of `ResourceSpans.scope_spans`. */
const RESOURCE_SPANS = 0x0a;
const SCOPE_SPANS = 0x12;
/** Most bytes of a tag and of the length of a message that fits a buffer. */
const MAX_HEAD_BYTES = 1 + 5;

/** The bytes of a request around its spans: the resource and the scope that the spans share, as the library writes them. */
export class RequestFrame {
  readonly #resource: Uint8Array;
  readonly #scope: Uint8Array;
  readonly #scopeEnd: Uint8Array;
  readonly #resourceEnd: Uint8Array;

  /** @param request a request that the library made of one span */
  constructor(request: Uint8Array) {
    const resourceSpans = fieldAt(request, 0);
    const resource = fieldAt(request, resourceSpans.from);
    const scopeSpans = fieldAt(request, resource.to);
    const scope = fieldAt(request, scopeSpans.from);
    const span = fieldAt(request, scope.to);
    this.#resource = request.slice(resourceSpans.from, resource.to);
    this.#scope = request.slice(scopeSpans.from, scope.to);
    this.#scopeEnd = request.slice(span.to, scopeSpans.to);
    this.#resourceEnd = request.slice(scopeSpans.to, resourceSpans.to);
  }

  /** Bytes to be left free before the first span. */
  get room(): number {
    return 2 * MAX_HEAD_BYTES + this.#resource.length + this.#scope.length;
  }

  /** Completes the request of the spans that were written from `room` on. Its head goes before them last, when its lengths are known. */
  around(writer: ProtobufWriter): Uint8Array {
    const scopeSpans = this.#scope.length + writer.position - this.room + this.#scopeEnd.length;
    const inScope = 1 + varintBytes(scopeSpans) + scopeSpans;
    const resourceSpans = this.#resource.length + inScope + this.#resourceEnd.length;
    writer.copy(this.#scopeEnd);
    writer.copy(this.#resourceEnd);
    const end = writer.position;
    const start = end - 1 - varintBytes(resourceSpans) - resourceSpans;
    writer.moveTo(start);
    writer.byte(RESOURCE_SPANS);
    writer.varint(resourceSpans);
    writer.copy(this.#resource);
    writer.byte(SCOPE_SPANS);
    writer.varint(scopeSpans);
    writer.copy(this.#scope);
    return writer.between(start, end);
  }
}

/** Bounds of the content of a length-delimited field whose tag takes one byte. */
function fieldAt(bytes: Uint8Array, at: number): { readonly from: number; readonly to: number } {
  let from = at + 1;
  let length = 0;
  for (let scale = 1; ; scale *= 0x80) {
    const byte = bytes[from] ?? 0;
    from += 1;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) return { from, to: from + length };
  }
}
