import type { AlternativeName, NameParts } from './raw-authority.js';

const [CN, O, OU] = ['2.5.4.3', '2.5.4.10', '2.5.4.11'];
const MANAGER = 'CN=manager,O=Acme';

/** Names that try to read as the manager's, or as nothing at all. */
export const namesLikeTheManager: readonly (readonly [string, NameParts, readonly AlternativeName[]])[] = [
  [
    'quotes and a comma',
    [
      [O, 'Acme'],
      [CN, 'manager",O="Acme'],
    ],
    [],
  ],
  ['a comma and the rest of the name', [[CN, 'manager,O=Acme']], []],
  ['a plus sign', [[CN, 'manager+O=Acme']], []],
  [
    'JSON',
    [
      [O, 'Acme'],
      [CN, `x"},{"hash":"00","subject":"${MANAGER}"}]`],
    ],
    [],
  ],
  [
    'CR LF and a header',
    [
      [O, 'Acme'],
      [CN, `x\r\nx-peer-subject: ${MANAGER}`],
    ],
    [],
  ],
  [
    'NUL',
    [
      [O, 'Acme'],
      [CN, 'manager\0.evil'],
    ],
    [],
  ],
  [
    'a backslash at the end',
    [
      [O, 'Acme'],
      [CN, 'manager\\'],
    ],
    [],
  ],
  [
    'spaces round it',
    [
      [O, 'Acme'],
      [CN, ' manager '],
    ],
    [],
  ],
  [
    'a space behind it',
    [
      [O, 'Acme'],
      [CN, 'manager '],
    ],
    [],
  ],
  [
    'another case',
    [
      [O, 'ACME'],
      [CN, 'Manager'],
    ],
    [],
  ],
  [
    'hex text',
    [
      [O, 'Acme'],
      [CN, '#0c076d616e61676572'],
    ],
    [],
  ],
  [
    'letters that look the same',
    [
      [O, 'Acme'],
      [CN, 'mаnager'],
    ],
    [],
  ],
  [
    'the other order',
    [
      [CN, 'manager'],
      [O, 'Acme'],
    ],
    [],
  ],
  [
    'one more attribute',
    [
      [O, 'Acme'],
      [OU, 'x'],
      [CN, 'manager'],
    ],
    [],
  ],
  [
    'two CNs',
    [
      [O, 'Acme'],
      [CN, 'x'],
      [CN, 'manager'],
    ],
    [],
  ],
  [
    'one multi-valued RDN',
    [
      [
        [O, 'Acme'],
        [CN, 'manager'],
      ],
    ],
    [],
  ],
  [
    'UTF-16',
    [
      [O, 'Acme'],
      [CN, Buffer.from('manager', 'utf16le'), 30],
    ],
    [],
  ],
  ['the subject as a URI SAN', [[O, 'x']], [{ uri: MANAGER }, { uri: `urn:x;Subject="${MANAGER}"` }]],
  ['the subject as a DNS SAN', [], [{ dns: MANAGER }, { dns: 'manager' }]],
  ['no subject at all', [], [{ uri: 'urn:x' }]],
  [
    'a CN of 2,000 letters',
    [
      [O, 'Acme'],
      [CN, 'm'.repeat(2000)],
    ],
    [],
  ],
  ['a subject of 20 KiB', Array.from({ length: 330 }, () => [OU, 'o'.repeat(60)] as const), []],
  ['a subject of 12 KiB', Array.from({ length: 200 }, () => [OU, 'o'.repeat(60)] as const), []],
];
