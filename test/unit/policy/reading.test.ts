import { expect } from 'chai';
import { CrlFile } from '../../../proxy/policy/lists/crl-file.js';
import { DenyListFile } from '../../../proxy/policy/lists/deny-list-file.js';
import { PolicyFile } from '../../../proxy/policy/policy-file.js';
import { authoritiesIn } from '../../../proxy/x509/lists/crl-authorities.js';
import { Calls } from '../../support/calls.js';
import { pem } from '../../support/der-writer.js';
import { RawAuthority } from '../../support/raw-authority.js';
import { Scratch } from '../../support/scratch.js';

const authority = new RawAuthority();
/** Share of the time until a file is in force that one turn of the event loop may take. Read in one turn it would be nearly 1. */
const LONGEST_TURN = 0.5;

const policy = (rules: number): string =>
  `version: 1\nrules:\n${Array.from({ length: rules }, (_, i) => `  - { name: r${i}, match: { subject: { O: Acme, CN: gw-${i} } }, meetups: ['sub/{s}/gw-${i}'], bind: { s: any } }\n`).join('')}`;
const denied = (count: number): string =>
  `version: 1\ndeny:\n${Array.from({ length: count }, (_, i) => `  - { fingerprint: '${String(i).padStart(64, '0')}' }\n`).join('')}`;
const list = (count: number): string =>
  pem('X509 CRL', authority.revoke({ serials: Array.from({ length: count }, (_, i) => (i + 1).toString(16)) }));

describe('a file that is read while others are served', function () {
  this.timeout(120_000);
  let scratch: Scratch;
  let calls: Calls<string>;
  let opened: { close(): void | Promise<void> } | undefined;
  beforeEach(() => {
    scratch = new Scratch();
    calls = new Calls();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    scratch.remove();
  });

  const observer = {
    changed: () => calls.add('changed'),
    refused: (why: string) => calls.add(why),
    waiting: (why: string) => calls.add(why),
  };
  const path = (): string => scratch.path('f');
  const kinds: readonly (readonly [
    string,
    string,
    string,
    () => Promise<{ close(): void | Promise<void> }>,
    string,
  ])[] = [
    ['a policy', policy(1), policy(4000), () => PolicyFile.open(path(), observer), 'changed'],
    [
      'a policy of 40,000 keys',
      policy(1),
      Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join('\n'),
      () => PolicyFile.open(path(), observer),
      'version: expected 1',
    ],
    ['a deny list', denied(1), denied(5000), () => DenyListFile.open(path(), observer), 'changed'],
    [
      'a revocation list',
      list(1),
      list(300_000),
      () => CrlFile.open({ path: path(), authorities: authoritiesIn(authority.certificate) }, observer),
      'changed',
    ],
  ];
  for (const [what, before, after, open, told] of kinds) {
    it(`${what}: the event loop turns meanwhile`, async () => {
      scratch.write('f', before);
      opened = await open();
      const began = performance.now();
      const turns = new Turns();
      scratch.replace('f', after);
      expect(await calls.next()).to.contain(told);
      expect(turns.longest()).to.be.below(LONGEST_TURN * (performance.now() - began));
    });
  }
});

/** Measures how long one turn of the event loop takes, from now on. */
class Turns {
  #longest = 0;
  #last = performance.now();
  #isOver = false;

  constructor() {
    const turn = (): void => {
      this.#note();
      if (!this.#isOver) setImmediate(turn);
    };
    setImmediate(turn);
  }

  /** Ends the measuring; milliseconds. */
  longest(): number {
    this.#isOver = true;
    this.#note();
    return this.#longest;
  }

  #note(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }
}
