import { expect } from 'chai';
import { watchCredentials } from '../../../peer/credential-watch.js';
import { Scratch } from '../../support/scratch.js';

describe('watch over credential files', () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
  });

  afterEach(() => scratch.remove());

  for (const changing of ['cert', 'key', 'ca'] as const) {
    it(`tells of a ${changing} that is replaced by rename`, async () => {
      const files = { cert: scratch.write('cert', ''), key: scratch.write('key', ''), ca: scratch.write('ca', '') };
      let undo = (): void => {};
      let writing: NodeJS.Timeout | undefined;
      let turn = '';
      await new Promise<void>((resolve) => {
        undo = watchCredentials(files, resolve);
        // The first look comes some time after the call, and a change before it goes unnoticed.
        writing = setInterval(() => {
          turn += '.';
          scratch.replace(changing, turn);
        }, 300);
      });
      clearInterval(writing);
      undo();
      expect(turn).not.to.equal('');
    });
  }
});
