import { expect } from 'chai';
import { planService } from '../../../dev/service.js';
import { loadConfig } from '../../../proxy/config/load.js';
import { stopTime } from '../../../proxy/stop-time.js';
import { Scratch } from '../../support/scratch.js';

describe('planService', () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  /** Seconds of the drain, and whether the service has that much time. */
  async function drain(env: NodeJS.ProcessEnv): Promise<number> {
    const plan = await planService(env);
    const file = env['WS_PROXY_CONFIG'] === undefined ? {} : { file: { name: 'x', text: 'drain-deadline: 50s' } };
    const config = loadConfig({ flags: {}, environment: plan.env, ...file });
    expect(plan.stopMs).to.be.greaterThan(stopTime(config));
    return config.drainDeadline / 1000;
  }

  it('gives calls in flight two seconds where nobody says otherwise', async () => {
    expect(await drain({})).to.equal(2);
  });

  it('gives them what the environment says', async () => {
    expect(await drain({ WS_PROXY_DRAIN_DEADLINE: '40s' })).to.equal(40);
    expect(await drain({ WS_PROXY_DRAIN_DEADLINE: '0s' })).to.equal(0);
  });

  it('gives them what the configuration file says, unless the environment says otherwise', async () => {
    const file = scratch.write('options.yaml', 'drain-deadline: 50s');
    expect(await drain({ WS_PROXY_CONFIG: file })).to.equal(50);
    expect(await drain({ WS_PROXY_CONFIG: file, WS_PROXY_DRAIN_DEADLINE: '40s' })).to.equal(40);
  });

  it('leaves it to the service to say what is wrong with its options', async () => {
    for (const env of [{ WS_PROXY_DRAIN_DEADLINE: '' }, { WS_PROXY_CONFIG: scratch.path('none.yaml') }]) {
      expect((await planService(env)).env).to.equal(env);
    }
  });
});
