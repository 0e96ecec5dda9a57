import { otelEnv, TelemetryConfigError } from './otlp-exporters.js';

/** The head sampler that OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG name. */
export interface SamplerChoice {
  /** Whether a span with a parent does as the parent did. A peer that must not decide: use one that is not parent-based. */
  readonly parentBased: boolean;
  /** Share of root traces that is sampled, 0 to 1. */
  readonly ratio: number;
}

const KNOWN = ['always_on', 'always_off', 'traceidratio'];

/** Throws TelemetryConfigError. */
export function samplerFromEnv(): SamplerChoice {
  const asked = otelEnv('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on';
  const parentBased = asked.startsWith('parentbased_');
  const root = parentBased ? asked.slice('parentbased_'.length) : asked;
  if (!KNOWN.includes(root)) {
    const allowed = KNOWN.flatMap((one) => [one, `parentbased_${one}`]).join(', ');
    throw new TelemetryConfigError(`OTEL_TRACES_SAMPLER=${asked}: it must be one of ${allowed}`);
  }
  if (root === 'traceidratio') return { parentBased, ratio: ratioFromEnv() };
  return { parentBased, ratio: root === 'always_on' ? 1 : 0 };
}

function ratioFromEnv(): number {
  const text = otelEnv('OTEL_TRACES_SAMPLER_ARG') ?? '1';
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new TelemetryConfigError(`OTEL_TRACES_SAMPLER_ARG=${text}: it must be a number from 0 to 1`);
}
