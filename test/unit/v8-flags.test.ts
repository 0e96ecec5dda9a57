import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { V8_FLAGS } from '../../proxy/v8-flags.js';
import { ROOT } from '../support/sources.js';

describe('how the service’s process is started', () => {
  it('is the same where bin/ws-proxy.js is run by itself', () => {
    const [first] = readFileSync(join(ROOT, 'bin/ws-proxy.js'), 'utf8').split('\n');
    expect(first).to.equal(`#!/usr/bin/env -S node ${V8_FLAGS.join(' ')}`);
  });

  it('is with options that this Node knows', () => {
    expect(execFileSync(process.execPath, [...V8_FLAGS, '-p', '1'], { encoding: 'utf8' }).trim()).to.equal('1');
  });
});
