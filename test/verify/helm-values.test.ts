import { expect } from 'chai';
import { needsHelm, refusalOf, type Values } from '../support/helm.js';

describe('values that the Helm chart refuses', () => {
  needsHelm();

  const refused: readonly (readonly [what: string, values: Values, says: RegExp])[] = [
    ['a value that there is not', { replica: 3 }, /additional properties 'replica' not allowed/],
    ['an option that there is not', { options: { 'max-conections': 1 } }, /\/options': .*'max-conections' not allowed/],
    ['an option of the chart itself', { options: { crl: 'x' } }, /\/options': .*'crl' not allowed/],
    ['an option out of its bounds', { options: { 'max-connections': 0 } }, /\/options\/max-connections': minimum/],
    ['a duration without unit', { options: { 'ping-interval': '10' } }, /\/options\/ping-interval'/],
    ['a flag as text', { fleet: { enabled: 'yes' } }, /\/fleet\/enabled': got string, want boolean/],
    ['a flag of Envoy that there is not', { envoy: { flags: { dir: '/x' } } }, /\/envoy\/flags': .*'dir' not allowed/],
    [
      'a policy with another key',
      { policy: { document: { rulez: [] } } },
      /\/policy\/document': .*'rulez' not allowed/,
    ],
    ['a host with a scheme', { tlsRoute: { peers: { hostnames: ['https://x'] } } }, /\/tlsRoute\/peers\/hostnames\/0'/],
    [
      'several pods that are no fleet',
      { replicas: 3 },
      /replicas is 3 and fleet\.enabled is false: .*Set replicas to 1/,
    ],
    ['a fleet without NATS', { fleet: { enabled: true } }, /fleet\.enabled needs a NATS: set /],
    [
      'two kinds of NATS',
      { fleet: { enabled: true, nats: { enabled: true, urls: ['tls://a:4222'] } } },
      /keep one of the two/,
    ],
    [
      'servers of NATS that no replica may reach',
      { fleet: { enabled: true, nats: { urls: ['tls://a:4222'] } } },
      /fleet\.nats\.peers is empty: say where/,
    ],
    ['an account that nobody makes', { serviceAccount: { create: false } }, /name the account of the pods/],
    ['a size that is none', { fleet: { nats: { storage: { size: '..Gi' } } } }, /\/fleet\/nats\/storage\/size'/],
    ['runbooks nowhere', { monitoring: { rules: { runbooks: '' } } }, /\/monitoring\/rules\/runbooks'/],
    ['an option without its text', { options: { 'audit-log': '' } }, /\/options\/audit-log'/],
    [
      'a certificate for nobody',
      { tls: { certManager: { enabled: true } } },
      /dnsNames is empty: name what peers dial/,
    ],
    [
      'a list that is renewed and not there',
      { trust: { revocation: { enabled: false, renew: { enabled: true } } } },
      /there is no list to renew/,
    ],
    [
      'a list that nobody signs',
      { trust: { revocation: { renew: { enabled: true } } } },
      /authoritySecret is empty: name/,
    ],
    [
      'a label by which the pods are known',
      { podLabels: { 'app.kubernetes.io/name': 'x' } },
      /invalid propertyName 'app\.kubernetes\.io\/name'/,
    ],
    ['a hop port that nobody may reach', { fleet: { listen: '0.0.0.0:7000' } }, /\/fleet\/listen'/],
    [
      'a policy of traffic where there is no way in',
      { services: { peers: { externalTrafficPolicy: 'Local' } } },
      /services\.peers\.type is ClusterIP: externalTrafficPolicy/,
    ],
    [
      'addresses that anybody may write',
      { envoy: { flags: { 'proxy-protocol': true } } },
      /name in networkPolicy\.peersFrom who that may be/,
    ],
    [
      'a list beside a ConfigMap that has none',
      { policy: { existingConfigMap: 'rules', denyList: { version: 1, deny: [] } } },
      /name it in options\.deny-list/,
    ],
    ['a part that is taken away', { tls: null }, /missing property 'tls'/],
    [
      'a number that is taken away',
      { drain: { deadlineSeconds: null } },
      /\/drain': missing property 'deadlineSeconds'/,
    ],
    [
      'a route without Gateway',
      { tlsRoute: { peers: { hostnames: ['a.example.com'] } } },
      /needs tlsRoute\.parentRefs/,
    ],
  ];
  for (const [what, values, says] of refused) {
    it(`are told by their place and what to do: ${what}`, async () => {
      expect((await refusalOf(values)).replaceAll(/\s+/g, ' ')).to.match(says);
    });
  }
});
