import type { FinishedSpan, SpanSink } from '../../proxy/telemetry/span-sink.js';
import type { TraceContext } from '../../proxy/wire/trace-context.js';

/** Keeps the spans that it is given. */
export class SpanList implements SpanSink {
  readonly spans: FinishedSpan[] = [];
  decide: (traceId: string, parent: TraceContext | undefined) => boolean = () => true;

  samples(traceId: string, parent: TraceContext | undefined): boolean {
    return this.decide(traceId, parent);
  }

  end(span: FinishedSpan): void {
    this.spans.push(span);
  }
}
