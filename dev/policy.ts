/**
 * The policy that `npm start` writes: the development manager and gateway may sit anywhere under `sub/` and `gw/`, each in its role as
 * in the policy of Compose, so that two of a kind are not taken for a pair; the admin may use every RPC, and nobody else may do anything.
 */
export const developmentPolicy = `# Written by npm start, once: changes are taken up at once and stay. Delete it to get it anew.
version: 1
rules:
  - name: development manager
    match: { subject: 'CN=manager,O=Micronets' }
    meetups: ['sub/**', 'gw/**']
    role: manager
  - name: development gateway
    match: { subject: 'CN=gateway,O=Micronets' }
    meetups: ['sub/**', 'gw/**']
    role: gateway
control:
  - name: development admin
    match: { subject: 'CN=admin,O=Micronets' }
    rights: admin
    tapBodies: true
`;
