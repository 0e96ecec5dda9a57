import { expect } from 'chai';
import { isThere, textOf } from '../../support/sources.js';

/** Folders that the running product reads: the contents of the npm package without the compiled code and the documents. */
const { files } = JSON.parse(textOf('package.json')) as { files: string[] };
const folders = files.filter((name) => !/^!?dist/.test(name) && !name.endsWith('.md'));

describe('what is installed', () => {
  it('is named in package.json and there', () => {
    expect(folders).to.include.members(['bin', 'envoy']);
    for (const name of folders) expect(isThere(name), name).to.equal(true);
  });

  it('is in the image', () => {
    const lines = textOf('deploy/Dockerfile').split('\n');
    for (const name of folders) expect(lines).to.include(`COPY ${name} ./${name}`);
  });

  it('is in the context that the image is built from, with all that is compiled', () => {
    const { include, references } = JSON.parse(textOf('tsconfig.json')) as {
      include: string[];
      references: { path: string }[];
    };
    const compiled = [...include.filter((name) => name !== 'test'), ...references.map(({ path }) => path.slice(2))];
    const lines = textOf('.dockerignore').split('\n');
    for (const name of [...folders, ...compiled]) expect(lines).to.include(`!${name}`);
  });

  it('is put into place by the install script', () => {
    const parts = /for part in (.*); do/.exec(textOf('deploy/systemd/install.sh'))?.[1]?.split(' ');
    expect(parts).to.include.members(folders);
  });
});
