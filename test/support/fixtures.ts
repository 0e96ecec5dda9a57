import type { Admission } from '../../proxy/session/life/admission.js';
import type { Identity } from '../../proxy/x509/identity.js';
import { FakeClock } from './fake-clock.js';

let count = 0;

/** A unique identity, with the members given. */
export function identity(given: Partial<Identity> = {}): Identity {
  count += 1;
  return {
    fingerprint: count.toString(16).padStart(64, '0'),
    serial: count.toString(16),
    notAfter: FakeClock.EPOCH / 1000 + 365 * 86_400,
    subject: `CN=peer-${count},O=Micronets`,
    fields: [
      { type: 'CN', value: `peer-${count}` },
      { type: 'O', value: 'Micronets' },
    ],
    issuer: 'CN=root,O=Micronets',
    uris: [],
    dns: [],
    ...given,
  };
}

/** The admission of a peer to a meetup. */
export function admission(given: Partial<Admission> = {}): Admission {
  return {
    identity: identity(),
    meetupId: 'sub/8675309/00224dd149bb',
    role: 'any',
    limits: {},
    rule: 'test',
    remote: '192.0.2.1',
    requestId: '',
    traceparent: '',
    ...given,
  };
}

/** A HELLO as the deployed gateway writes it. */
export function hello(peerId = 'gw service 1', messageId: number | string = 1): string {
  return JSON.stringify({
    message: {
      messageId,
      messageType: 'CONN:HELLO',
      requiresResponse: false,
      peerClass: 'micronets-gateway-service',
      peerId,
    },
  });
}
