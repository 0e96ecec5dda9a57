import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { keepLogs, noteReady } from '../../../dev/logs.js';
import { Scratch } from '../../support/scratch.js';

describe('keepLogs', () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  function run(text: string, gotReady: boolean): void {
    keepLogs(scratch.directory);
    scratch.write('service.log', text);
    if (gotReady) noteReady(scratch.directory);
  }

  function logs(): Record<string, string> {
    const names = readdirSync(scratch.directory).filter((name) => name.startsWith('service'));
    return Object.fromEntries(names.sort().map((name) => [name, readFileSync(scratch.path(name), 'utf8')]));
  }

  it('keeps those of three runs', () => {
    for (let count = 1; count <= 6; count += 1) run(String(count), true);
    expect(logs()).to.deep.equal({
      'service.log': '6',
      'service.log.1': '5',
      'service.log.2': '4',
      'service.log.3': '3',
    });
  });

  it('keeps that of the last start that did not get ready, in nobody else’s place', () => {
    run('good', true);
    for (const text of ['bad', 'worse', 'worst']) run(text, false);
    expect(logs()).to.deep.equal({
      'service.log': 'worst',
      'service.log.1': 'good',
      'service.log.failed': 'worse',
    });
    run('good again', true);
    expect(logs()).to.deep.include({ 'service.log.1': 'good', 'service.log.failed': 'worst' });
  });

  it('does not count a start that has logged nothing', () => {
    run('good', true);
    run('', false);
    run('', false);
    expect(logs()).to.deep.equal({ 'service.log': '', 'service.log.1': 'good' });
  });
});
