import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { itWorksIn } from '../support/example-language.js';
import { EXAMPLE_MEETUP, example, useExamples } from '../support/example-programs.js';
import { ROOT } from '../support/sources.js';

const python = process.env['PYTHON'] ?? 'python3';
const hasCurl = spawnSync('curl', ['--version']).status === 0;

// Those in Go are tested by `npm run verify`.
describe('the examples', () => {
  const scene = useExamples();
  itWorksIn(
    {
      name: 'Python',
      gateway: [python, example('python/gateway.py')],
      manager: [python, example('python/manager.py')],
      operator: [python, example('python/control.py')],
      contract: [join(ROOT, 'proto/control.binpb')],
    },
    scene,
  );

  it(`the operator in the shell asks by curl${hasCurl ? '' : ' (skipped: there is no curl)'}`, async function () {
    if (!hasCurl) return this.skip();
    const client = await scene.stack().open(scene.stack().gateway('gateway'), EXAMPLE_MEETUP);
    client.hello('gateway');
    const operator = scene.run(
      'sh',
      example('curl/control.sh'),
      scene.control(),
      ...scene.files('admin'),
      EXAMPLE_MEETUP,
    );
    await operator.line('stdout', /"callerRights":\["viewer","operator","admin"/);
    await operator.line('stdout', /"meetupId":"sub\/7\/gateway"/);
    expect(await operator.ended).to.equal(0);
  });
});
