import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect } from 'chai';
import { SpanBase } from '../../../proxy/telemetry/calls/span-base.js';
import type { FinishedSpan } from '../../../proxy/telemetry/calls/span-sink.js';
import { ExportedSpan } from '../../../proxy/telemetry/otlp/exported-span.js';

const UPGRADE = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false };
const PARENT = { traceId: '1'.repeat(32), spanId: '3'.repeat(16), sampled: true };
const SESSION = new SpanBase({ 'url.scheme': 'https', 'client.address': undefined, 'ws_proxy.session.id': 's' }, [
  UPGRADE,
]);
const SPAN: FinishedSpan = {
  name: 'GET',
  kind: 'client',
  own: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: true, tracestate: 'v=1, no list' },
  parent: PARENT,
  local: false,
  links: SESSION.links,
  startedAt: 1_767_225_600_000.25,
  endedAt: 1_767_225_601_002.5,
  error: true,
  attributes: { 'url.path': '/a', 'http.route': undefined, 'http.response.status_code': 500 },
  session: SESSION,
};

describe('telemetry: a span as the SDK reads it', () => {
  const span = new ExportedSpan(SPAN, 'resource', 'scope');

  it('has all attributes, its own before the session’s, and none that is absent', () => {
    expect(Object.entries(span.attributes)).to.deep.equal([
      ['url.path', '/a'],
      ['http.response.status_code', 500],
      ['url.scheme', 'https'],
      ['ws_proxy.session.id', 's'],
    ]);
  });

  it('says who it is, whose child, and what it is linked to', () => {
    const { traceState, ...context } = span.spanContext();
    expect(traceState?.serialize()).to.equal('v=1');
    expect(context).to.include({ traceId: SPAN.own.traceId, spanId: SPAN.own.spanId, traceFlags: 1, isRemote: false });
    const { traceId, spanId } = PARENT;
    expect(span.parentSpanContext).to.deep.equal({ traceId, spanId, traceFlags: 1, isRemote: true });
    const link = { traceId: UPGRADE.traceId, spanId: UPGRADE.spanId, traceFlags: 0, isRemote: true };
    expect(span.links).to.deep.equal([{ context: link, attributes: {} }]);
    expect(new ExportedSpan({ ...SPAN, local: true }, 1, 2).parentSpanContext?.isRemote).to.equal(false);
    expect(new ExportedSpan({ ...SPAN, parent: undefined }, 1, 2).parentSpanContext).to.equal(undefined);
  });

  it('says what it was, when, and how it went', () => {
    expect(span).to.include({
      name: 'GET',
      kind: SpanKind.CLIENT,
      resource: 'resource',
      instrumentationScope: 'scope',
    });
    expect(span.startTime).to.deep.equal([1_767_225_600, 250_000]);
    expect(span.endTime).to.deep.equal([1_767_225_601, 2_500_000]);
    expect(span.duration).to.deep.equal([1, 2_250_000]);
    expect(span.status).to.deep.equal({ code: SpanStatusCode.ERROR });
  });
});
