import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { UnreadableFile, WatchedFile } from '../../../proxy/policy/lists/watched-file.js';
import { Calls } from '../../support/calls.js';
import { Scratch } from '../../support/scratch.js';

const MAX_BYTES = 100;

describe('watched file', () => {
  let scratch: Scratch;
  let calls: Calls<string>;
  let watched: WatchedFile | undefined;

  beforeEach(() => {
    scratch = new Scratch();
    calls = new Calls();
  });
  afterEach(() => {
    watched?.close();
    watched = undefined;
    scratch.remove();
  });

  async function watch(path: string): Promise<string> {
    const [file, content] = await WatchedFile.open(path, MAX_BYTES, {
      changed: (next) => calls.add(`changed ${next}`),
      unreadable: (why) => calls.add(why.replace(scratch.directory, '')),
    });
    watched = file;
    return content.toString();
  }

  it('reads the file, and tells of a change by rename', async () => {
    expect(await watch(scratch.write('f', 'one'))).to.equal('one');
    scratch.replace('f', 'two');
    expect(await calls.next()).to.equal('changed two');
    scratch.replace('f', 'three');
    expect(await calls.next()).to.equal('changed three');
  });

  it('tells of a change in place', async () => {
    await watch(scratch.write('f', 'one'));
    scratch.write('f', 'two');
    expect(await calls.next()).to.equal('changed two');
  });

  it('tells of another target behind a link, as Kubernetes mounts a ConfigMap', async () => {
    for (const version of ['v1', 'v2']) {
      mkdirSync(scratch.path(version));
      writeFileSync(scratch.path(`${version}/f`), version);
    }
    symlinkSync('v1', scratch.path('..data'));
    symlinkSync('..data/f', scratch.path('f'));
    expect(await watch(scratch.path('f'))).to.equal('v1');
    symlinkSync('v2', scratch.path('..data_tmp'));
    renameSync(scratch.path('..data_tmp'), scratch.path('..data'));
    expect(await calls.next()).to.equal('changed v2');
  });

  it('finds the file again below a directory that was replaced, which makes no event', async () => {
    mkdirSync(scratch.path('d/inner'), { recursive: true });
    await watch(scratch.write('d/inner/f', 'one'));
    mkdirSync(scratch.path('e/inner'), { recursive: true });
    scratch.write('e/inner/f', 'two');
    renameSync(scratch.path('d'), scratch.path('old'));
    renameSync(scratch.path('e'), scratch.path('d'));
    expect(await calls.next()).to.equal('changed two');
  });

  it('says nothing when the content is the same', async () => {
    await watch(scratch.write('f', 'one'));
    utimesSync(scratch.path('f'), 1, 1);
    scratch.replace('f', 'one');
    scratch.replace('f', 'two');
    expect(await calls.next()).to.equal('changed two');
    expect(calls.unread).to.equal(0);
  });

  it('tells once that the file is gone or too large, and of its return even with the same content', async () => {
    await watch(scratch.write('f', 'one'));
    unlinkSync(scratch.path('f'));
    expect(await calls.next()).to.equal('/f: no such file; check the path');
    scratch.replace('f', 'one');
    expect(await calls.next()).to.equal('changed one');
    scratch.replace('f', 'x'.repeat(MAX_BYTES + 1));
    expect(await calls.next()).to.equal('/f: is larger than 100 bytes; name another file');
    scratch.replace('f', 'one');
    expect(await calls.next()).to.equal('changed one');
  });

  it('a file that is missing or no file at the start is refused', async () => {
    for (const path of [scratch.path('none'), scratch.directory]) {
      const error = await watch(path).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UnreadableFile);
    }
    expect(watched).to.equal(undefined);
  });

  it('is silent once closed', async () => {
    await watch(scratch.write('f', 'one'));
    watched?.close();
    const other = new Calls<string>();
    const [second] = await WatchedFile.open(scratch.path('f'), MAX_BYTES, {
      changed: () => other.add('changed'),
      unreadable: () => other.add('unreadable'),
    });
    rmSync(scratch.path('f'));
    expect(await other.next()).to.equal('unreadable');
    second.close();
    expect(calls.unread).to.equal(0);
  });
});
