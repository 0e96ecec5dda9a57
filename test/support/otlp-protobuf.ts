import protobuf from 'protobufjs';

/**
 * The part of OTLP's messages that tests read (opentelemetry-proto 1.x; numbers and names are that protocol's). Unknown fields
 * are skipped, as protobuf does.
 */
const SCHEMA = `
syntax = "proto3";
message TracesRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message ScopeSpans { repeated Span spans = 2; }
message MetricsRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1;
    bool bool_value = 2;
    int64 int_value = 3;
    double double_value = 4;
  }
}
message Span {
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; fixed32 flags = 6; }
  bytes trace_id = 1;
  bytes span_id = 2;
  string trace_state = 3;
  bytes parent_span_id = 4;
  string name = 5;
  int32 kind = 6;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  repeated Link links = 13;
  Status status = 15;
  fixed32 flags = 16;
}
message Status { string message = 2; int32 code = 3; }
message Metric {
  string name = 1;
  string unit = 3;
  oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; }
}
message Gauge { repeated NumberPoint data_points = 1; }
message Sum { repeated NumberPoint data_points = 1; bool is_monotonic = 3; }
message Histogram { repeated HistogramPoint data_points = 1; }
message NumberPoint { repeated KeyValue attributes = 7; oneof value { double as_double = 4; sfixed64 as_int = 6; } }
message HistogramPoint { repeated KeyValue attributes = 9; fixed64 count = 4; }
`;

const { root } = protobuf.parse(SCHEMA);
const requests = { '/v1/traces': root.lookupType('TracesRequest'), '/v1/metrics': root.lookupType('MetricsRequest') };
/** Members that OTLP's JSON writes in hexadecimal; protobufjs writes them in base64, like all bytes. */
const IDS = new Set(['traceId', 'spanId', 'parentSpanId']);

/** Reads a protobuf request of OTLP over HTTP as the same request in JSON would be read. Throws for a path that has no request. */
export function otlpFromProtobuf(path: string, body: Buffer): Record<string, unknown> {
  const type = Object.hasOwn(requests, path) ? requests[path as keyof typeof requests] : undefined;
  if (type === undefined) throw new Error(`OTLP has no path ${path}`);
  const plain: unknown = type.toObject(type.decode(body), { bytes: String, longs: String, arrays: true });
  return JSON.parse(JSON.stringify(plain), inJson);
}

function inJson(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (IDS.has(key)) return Buffer.from(value, 'base64').toString('hex');
  return key === 'intValue' ? Number(value) : value;
}
