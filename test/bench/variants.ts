import type { Settings } from './scenario.js';
import { Stage } from './stage.js';
import type { ServiceVariant, StagePlan } from './stage-plan.js';

/** The service as in a deployment without a collector. */
export const untraced: ServiceVariant = { name: 'untraced', flags: [], env: { OTEL_TRACES_EXPORTER: 'none' } };

/** The service with traces that go to `collector`. `share` of the invocations is sampled, 0 to 1. */
export function traced(name: string, collector: string, share: number): ServiceVariant {
  return {
    name,
    flags: [],
    env: {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_TRACES_SAMPLER: share === 1 ? 'always_on' : 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: String(share),
    },
  };
}

/** The build that this one is compared with, where one was named. */
export function earlier({ before }: Settings): readonly ServiceVariant[] {
  return before === undefined ? [] : [{ ...untraced, name: EARLIER, root: before }];
}

/** Name of that build's service. */
export const EARLIER = 'before';

/** Runs the work on a stage of its own, and takes the stage down in any case. */
export async function onStage<T>(
  settings: Settings,
  variants: readonly ServiceVariant[],
  act: (stage: Stage) => Promise<T>,
  more: Partial<StagePlan> = {},
): Promise<T> {
  settings.tell('starting Envoy, the service and the reference');
  const { layout, workers } = settings;
  const stage = await Stage.start({ variants, layout, workers, nodeFlags: [], edges: [], fleets: [], ...more });
  try {
    return await Promise.race([act(stage), stopped(settings.stop)]);
  } finally {
    await stage.stop();
  }
}

function stopped(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(new Error('stopped'));
    if (stop.aborted) fail();
    else stop.addEventListener('abort', fail, { once: true });
  });
}
