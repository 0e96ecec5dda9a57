import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import { type SerializedSpan, SpanSerializer } from './span-serializer.js';

/** Name of the exporter in the semantic conventions of OpenTelemetry. */
const COMPONENT = 'otlp_http_span_exporter';

type Done = Parameters<OTLPExporterBase<SerializedSpan[]>['export']>[1];

/** The library's exporter of spans over HTTP in protobuf, with our own serializer. */
export class OTLPTraceExporter extends OTLPExporterBase<SerializedSpan[]> {
  readonly #serializer: SpanSerializer;

  constructor() {
    const serializer = new SpanSerializer();
    const options = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', { 'Content-Type': 'application/x-protobuf' });
    super(createOtlpHttpExportDelegate(options, serializer, COMPONENT, TraceExporterMetricsHelper, undefined));
    this.#serializer = serializer;
  }

  /** Frees the buffer at the answer: a collector that answers before it has read all may find the rest overwritten. */
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
