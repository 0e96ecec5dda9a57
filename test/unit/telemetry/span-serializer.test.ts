import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resources } from '@opentelemetry/sdk-node';
import { expect } from 'chai';
import fc from 'fast-check';
import { SpanBase } from '../../../proxy/telemetry/calls/span-base.js';
import type { FinishedSpan } from '../../../proxy/telemetry/calls/span-sink.js';
import { ExportedSpan } from '../../../proxy/telemetry/otlp/exported-span.js';
import { type SerializedSpan, SpanSerializer } from '../../../proxy/telemetry/otlp/span-serializer.js';
import { spans as anySpans } from '../../support/span-arbitrary.js';

const RESOURCE = resources.resourceFromAttributes({ 'service.name': 'ws-proxy', 'process.pid': 7, list: ['a', 'ö'] });
const SCOPE = { name: 'ws-proxy', version: '1.2.3' };
const SPAN: FinishedSpan = {
  name: 'GET',
  kind: 'server',
  own: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: true },
  parent: undefined,
  local: false,
  links: [],
  startedAt: 1_767_225_600_000,
  endedAt: 1_767_225_600_001.5,
  error: false,
  attributes: { 'url.path': '/a' },
  session: new SpanBase({ 'ws_proxy.session.id': 's' }, []),
};

function exported(spans: readonly FinishedSpan[], resource = RESOURCE, scope = SCOPE): SerializedSpan[] {
  return spans.map((span) => new ExportedSpan(span, resource, scope));
}

function hex(request: Uint8Array | undefined): string {
  return Buffer.from(request ?? []).toString('hex');
}

describe('telemetry: spans in protobuf', () => {
  it('are byte for byte what the library makes of them', () => {
    const serializer = new SpanSerializer();
    fc.assert(
      fc.property(anySpans, (spans) => {
        const all = exported(spans);
        expect(hex(serializer.serializeRequest(all))).to.equal(hex(ProtobufTraceSerializer.serializeRequest(all)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are so with schemas of resource and scope, and in requests of more than a buffer', () => {
    const resource = resources.resourceFromAttributes({ a: true }, { schemaUrl: 'https://example.org/1' });
    const scope = { ...SCOPE, schemaUrl: 'https://example.org/2' };
    const serializer = new SpanSerializer();
    for (const count of [1, 20, 3_000, 2]) {
      const all = exported(new Array<FinishedSpan>(count).fill(SPAN), resource, scope);
      expect(hex(serializer.serializeRequest(all)) === hex(ProtobufTraceSerializer.serializeRequest(all))).to.equal(
        true,
      );
    }
  });

  it('share one buffer, but for exports that are under way at once', () => {
    const serializer = new SpanSerializer();
    const [one, two] = [exported([SPAN]), exported([{ ...SPAN, name: 'PUT' }])];
    serializer.begun();
    const first = serializer.serializeRequest(one);
    const asWritten = hex(first);
    serializer.begun();
    const second = serializer.serializeRequest(two);
    expect(second.buffer).to.not.equal(first.buffer);
    serializer.ended();
    serializer.begun();
    expect(serializer.serializeRequest(two).buffer).to.not.be.oneOf([first.buffer, second.buffer]);
    expect(hex(first)).to.equal(asWritten);
    serializer.ended();
    serializer.ended();
    serializer.begun();
    const last = serializer.serializeRequest(one);
    serializer.ended();
    serializer.begun();
    expect(serializer.serializeRequest(two).buffer).to.equal(last.buffer);
  });

  it('are none where there are none', () => {
    expect(hex(new SpanSerializer().serializeRequest([]))).to.equal(hex(ProtobufTraceSerializer.serializeRequest([])));
  });
});
