import { attributesOf, type FinishedSpan, type SpanSink } from '../../proxy/telemetry/calls/span-sink.js';
import type { TraceContext } from '../../proxy/wire/trace-context.js';
import { newTraceId } from '../../proxy/wire/trace-id.js';

/** Keeps finished spans, each with all of its attributes as its own. */
export class SpanList implements SpanSink {
  readonly spans: FinishedSpan[] = [];
  decide: (parent: TraceContext | undefined) => boolean = () => true;

  root(): string | undefined {
    return this.decide(undefined) ? newTraceId() : undefined;
  }

  samples(parent: TraceContext): boolean {
    return this.decide(parent);
  }

  end(span: FinishedSpan): void {
    this.spans.push({ ...span, attributes: attributesOf(span) });
  }
}
