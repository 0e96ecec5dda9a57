import { ROOT_CONTEXT } from '@opentelemetry/api';
import { tracing } from '@opentelemetry/sdk-node';
import { expect } from 'chai';
import fc from 'fast-check';
import { TelemetryConfigError } from '../../../proxy/telemetry/otlp/otlp-exporters.js';
import { HeadSampler, samplerFromEnv } from '../../../proxy/telemetry/otlp/sampling.js';
import { boundOf, isBelow } from '../../../proxy/wire/trace-id.js';

const traceIds = fc.stringMatching(/^[0-9a-f]{31}[1-9a-f]$/);

describe('telemetry: sampling', () => {
  afterEach(() => {
    delete process.env['OTEL_TRACES_SAMPLER'];
    delete process.env['OTEL_TRACES_SAMPLER_ARG'];
  });

  it('decides by the trace’s id as OpenTelemetry’s own sampler does', () => {
    const { RECORD_AND_SAMPLED } = tracing.SamplingDecision;
    fc.assert(
      fc.property(traceIds, fc.double({ min: 0, max: 1, noNaN: true }), (traceId, ratio) => {
        const { decision } = new tracing.TraceIdRatioBasedSampler(ratio).shouldSample(ROOT_CONTEXT, traceId);
        const sampler = new HeadSampler({ parentBased: false, ratio });
        const told = sampler.samples({ traceId, spanId: '1'.repeat(16), sampled: false });
        expect(told).to.equal(decision === RECORD_AND_SAMPLED);
      }),
    );
  });

  it('does as the parent did where it is parent-based', () => {
    const sampler = new HeadSampler({ parentBased: true, ratio: 0 });
    const parent = { traceId: 'f'.repeat(32), spanId: '1'.repeat(16) };
    expect(sampler.samples({ ...parent, sampled: true })).to.equal(true);
    expect(sampler.samples({ ...parent, sampled: false })).to.equal(false);
    expect(sampler.root()).to.equal(undefined);
  });

  it('gives only ids that it samples itself, in about the share that is asked for', () => {
    const ratio = 0.25;
    const sampler = new HeadSampler({ parentBased: false, ratio });
    const ids = Array.from({ length: 8_000 }, () => sampler.root()).filter((id) => id !== undefined);
    for (const id of ids) expect(isBelow(id, boundOf(ratio))).to.equal(true);
    // The bound is more than eleven standard deviations away.
    expect(ids.length).to.be.within(1_550, 2_450);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(new HeadSampler({ parentBased: true, ratio: 1 }).root()).to.match(/^[0-9a-f]{32}$/);
  });

  it('is the one that the environment names', () => {
    expect(samplerFromEnv()).to.deep.equal({ parentBased: true, ratio: 1 });
    process.env['OTEL_TRACES_SAMPLER'] = 'always_off';
    expect(samplerFromEnv()).to.deep.equal({ parentBased: false, ratio: 0 });
    process.env['OTEL_TRACES_SAMPLER'] = 'parentbased_traceidratio';
    expect(samplerFromEnv()).to.deep.equal({ parentBased: true, ratio: 1 });
    process.env['OTEL_TRACES_SAMPLER_ARG'] = '0.01';
    expect(samplerFromEnv()).to.deep.equal({ parentBased: true, ratio: 0.01 });
    for (const ratio of ['2', '-1', 'x']) {
      process.env['OTEL_TRACES_SAMPLER_ARG'] = ratio;
      expect(() => samplerFromEnv()).to.throw(TelemetryConfigError, `OTEL_TRACES_SAMPLER_ARG=${ratio}`);
    }
    process.env['OTEL_TRACES_SAMPLER'] = 'traceidratio_';
    expect(() => samplerFromEnv()).to.throw(TelemetryConfigError, 'OTEL_TRACES_SAMPLER=traceidratio_');
  });
});
