import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import { type SerializedSpan, SpanSerializer } from './span-serializer.js';

/** Which exporter it is, as the semantic conventions name those of OTLP. */
const COMPONENT = 'otlp_http_span_exporter';

type Done = Parameters<OTLPExporterBase<SerializedSpan[]>['export']>[1];

/** The library’s exporter of spans over HTTP in protobuf, in all but who makes the bytes. */
export class OTLPTraceExporter extends OTLPExporterBase<SerializedSpan[]> {
  readonly #serializer: SpanSerializer;

  constructor() {
    const serializer = new SpanSerializer();
    const options = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', { 'Content-Type': 'application/x-protobuf' });
    super(createOtlpHttpExportDelegate(options, serializer, COMPONENT, TraceExporterMetricsHelper, undefined));
    this.#serializer = serializer;
  }

  /** The buffer is free with the answer: what a collector had not read by then it did not want, and may find overwritten. */
  override export(spans: SerializedSpan[], done: Done): void {
    this.#serializer.begun();
    try {
      super.export(spans, (result) => {
        this.#serializer.ended();
        done(result);
      });
    } catch (error) {
      this.#serializer.ended();
      throw error;
    }
  }
}
