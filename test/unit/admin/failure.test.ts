import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { failureOf } from '../../../admin/failure.js';

function told(code: status, details: string): string {
  const error: ServiceError = Object.assign(new Error(details), { code, details, metadata: new Metadata() });
  return failureOf(error, { server: 'h:1', certificate: 'admin.pem' }).message;
}

describe('failure of a call', () => {
  it('says what the system said, without what the library puts around it', () => {
    const details = 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';
    expect(told(status.UNAVAILABLE, details)).to.equal(
      'nothing answers at h:1: connect ECONNREFUSED 127.0.0.1:1\nIs the proxy running there? Name another place with --server.',
    );
    expect(told(status.UNAVAILABLE, 'Name resolution failed for target dns:h')).to.include(': Name resolution failed');
  });

  it('says what listens on a port that is not the control port', () => {
    const tls =
      'No connection established. Last error: 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:x.';
    expect(told(status.UNAVAILABLE, tls)).to.match(
      /^what listens at h:1 speaks no TLS: it is not the control port\n.*--server/,
    );
    const http = 'No connection established. Last error: Protocol error (2026-01-01T00:00:00.000Z). Resolution note: ';
    expect(told(status.UNAVAILABLE, http)).to.match(
      /^what listens at h:1 speaks TLS without HTTP\/2, as the peers' port does:/,
    );
  });

  it('names the certificate that lacks a right', () => {
    expect(told(status.PERMISSION_DENIED, 'no right')).to.equal(
      'no right\nThe certificate came from admin.pem; name another with --cert.',
    );
  });
});
