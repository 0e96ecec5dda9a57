import { expect } from 'chai';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import { MAX_POLICY_BYTES } from '../../../proxy/policy/rules/schema.js';
import { MAX_ITEMS } from '../../../proxy/policy/rules/yaml-document.js';

describe('policy: faults in the file', () => {
  const head = 'version: 1\nrules:\n  - name: r\n';
  const table: readonly (readonly [string, string])[] = [
    ['', '1:1: expected object, received null'],
    ['rules: []', '1:1: version: expected 1'],
    ['version: 2\nrules: []', '1:1: version: expected 1'],
    ['version: 1\nrules: []\nrulez: []', '3:1: rulez: is not a known key here'],
    ['version: 1\nrules: [\n', '3:1: '],
    ['version: 1\nversion: 1', '2:1: Map keys must be unique'],
    ['version: 1\nrules: [{ name: a, match: any, "name": b, meetups: [a] }]', '2:32: Map keys must be unique'],
    [`version: 1\n${'- a\n'.repeat(MAX_ITEMS)}`, `1:1: more than ${MAX_ITEMS} lines and entries`],
    [`a: [${','.repeat(MAX_ITEMS)}]`, `1:1: more than ${MAX_ITEMS} lines and entries`],
    [Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join('\n'), '1:1: version: expected 1'],
    [
      `${head}    match: { subject: { organisation: a } }\n    meetups: [a]`,
      '4:25: rules[0].match.subject.organisation: "organisation" is no attribute type that is known by name',
    ],
    [`${head}    match: { subject: 'CM=a' }\n    meetups: [a]`, '"CM" is no attribute type'],
    [`${head}    match: { issuer: 'CM=a' }\n    meetups: [a]`, '"CM" is no attribute type'],
    [
      `${head}    match: any\n    meetups: ['{a}']\n    bind: { a: subject.CM }`,
      '6:13: rules[0].bind.a: "CM" is no attribute type',
    ],
    ['a: &x 1\nb: *x', '1:7: anchors and aliases are not read'],
    ['a: !!js/function x', '1:4: Unresolved tag'],
    ['a\n---\nb', '2:1: a second document starts here'],
    ['['.repeat(50_000), 'nested more than 100 levels deep'],
    ['- '.repeat(50_000), 'nested more than 100 levels deep'],
    [Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'expected'],
    [`${head}    match: any\n    meetups: [a]\n    rol: x`, '6:5: rules[0].rol: is not a known key here'],
    [`${head}    match: any`, '3:5: rules[0].meetups: '],
    [`${head}    match: all\n    meetups: [a]`, '4:5: rules[0].match: expected "any"'],
    [`${head}    match: {}\n    meetups: [a]`, '4:5: rules[0].match: needs at least one condition'],
    [
      `${head}    match:\n      subject: { CN: 7 }\n    meetups: [a]`,
      '5:18: rules[0].match.subject.CN: expected string, received number: put it in quotes',
    ],
    [
      `${head}    match: { subject: 'CN=a, O=b' }\n    meetups: [a]`,
      '4:14: rules[0].match.subject: is not an RFC 4514 name: no attribute type with its "=" at character 6',
    ],
    [`${head}    match: { uris: 'spiffe://*/a' }\n    meetups: [a]`, 'has no literal authority'],
    [`${head}    match: { uris: '{a}/b' }\n    meetups: [a]`, 'does not start with a scheme'],
    [`${head}    match: { serials: 'ff' }\n    meetups: [a]`, 'needs "issuer" beside it'],
    [`${head}    match: { fingerprints: ff }\n    meetups: [a]`, '4:14: rules[0].match.fingerprints: 64 hex digits'],
    [
      `${head}    match: any\n    meetups: ['a/{b}']`,
      '5:5: rules[0].meetups: names {b}, and "bind" does not say what it is',
    ],
    [
      `${head}    match: any\n    meetups: ['a']\n    bind: { b: any }`,
      '6:13: rules[0].bind.b: no template of "meetups" names {b}',
    ],
    [`${head}    match: any\n    meetups: ['a/{b}']\n    bind: { b: CN }`, '6:13: rules[0].bind.b: any, subject.TYPE'],
    [`${head}    match: any\n    meetups: ['a/{b}']\n    bind: { b: uri.x }`, 'uri.x needs {x} in every uri pattern'],
    [`${head}    match: { uris: 'urn:{x}' }\n    meetups: ['a']`, 'no binding uses {x}'],
    [
      `${head}    match: any\n    meetups: ['a']\n    effect: deny\n    role: gateway`,
      '7:5: rules[0].role: means nothing in a rule that denies',
    ],
    [`${head}    match: any\n    meetups: [a]\n    limits: { connections: 0 }`, '6:15: rules[0].limits.connections: '],
    [
      `${head}    match: any\n    meetups: [a]\n  - { name: r, match: any, meetups: [b] }`,
      '6:7: rules[1].name: an earlier rule has this name',
    ],
    [
      'version: 1\nrules: []\ncontrol: [{ name: a, match: { dns: "{x}.a" }, rights: admin }]',
      'names what nothing binds here',
    ],
    [`version: 1\n#${'x'.repeat(MAX_POLICY_BYTES)}`, `1:1: the file is larger than ${MAX_POLICY_BYTES} bytes`],
  ];
  for (const [text, fault] of table) {
    it(`${JSON.stringify(text.slice(-45))} → ${fault}`, () => {
      const compiled = compilePolicy(text);
      const told =
        'faults' in compiled ? compiled.faults.map((one) => `${one.line}:${one.column}: ${one.message}`) : [];
      expect(told.join('\n')).to.contain(fault);
    });
  }
});
