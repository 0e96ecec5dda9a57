import { expect } from 'chai';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { handshakesIn, MAX_TOLD } from '../../../proxy/control/edge/handshake-logs.js';
import { handshakeWords } from '../../../proxy/control/edge/handshake-words.js';

/** An ExportLogsServiceRequest, as Envoy writes it: one resource, one scope, and further fields that are nobody's here. */
function requestOf(records: readonly Readonly<Record<string, string>>[], at = 1_764_118_800_123): Buffer {
  const scope = protobuf.Writer.create()
    .uint32(10)
    .bytes(new Uint8Array([10, 1, 120]));
  for (const record of records) scope.uint32(18).bytes(recordOf(record, at));
  const resource = protobuf.Writer.create().uint32(10).bytes(new Uint8Array(0)).uint32(18).bytes(scope.finish());
  return Buffer.from(protobuf.Writer.create().uint32(10).bytes(resource.finish()).finish());
}

function recordOf(attributes: Readonly<Record<string, string>>, at: number): Uint8Array {
  const nanos = BigInt(at) * 1_000_000n;
  const record = protobuf.Writer.create().uint32(9);
  record.fixed32(Number(nanos & 0xffff_ffffn)).fixed32(Number(nanos >> 32n));
  for (const [key, text] of Object.entries(attributes)) {
    const value = protobuf.Writer.create().uint32(10).string(text).finish();
    record.uint32(50).bytes(protobuf.Writer.create().uint32(10).string(key).uint32(18).bytes(value).finish());
  }
  return record.uint32(61).fixed32(1).finish();
}

describe('handshakes that the edge tells of', () => {
  it('are read with their time, and `-` is what is not known', () => {
    const told = {
      failure: 'f',
      remote: '192.0.2.1',
      subject: 'CN=a',
      fingerprint: 'ab',
      server_name: '-',
      other: 'x',
    };
    expect(handshakesIn(requestOf([told, {}]))).to.deep.equal([
      ...[
        {
          at: 1_764_118_800_123,
          failure: 'f',
          remote: '192.0.2.1',
          subject: 'CN=a',
          fingerprint: 'ab',
          serverName: '',
        },
      ],
      ...[{ at: 1_764_118_800_123, failure: '', remote: '', subject: '', fingerprint: '', serverName: '' }],
    ]);
  });

  it('are at most so many of one message', () => {
    expect(handshakesIn(requestOf(Array.from({ length: MAX_TOLD + 5 }, () => ({}))))).to.have.length(MAX_TOLD);
  });

  it('of bytes that are anything else are none, or an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          for (const { subject } of handshakesIn(Buffer.from(bytes))) expect(subject).to.be.a('string');
        } catch (error) {
          expect(error).to.be.instanceOf(Error);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are put in words, and what has none is told as the library said it', () => {
    const verify = (why: string): string =>
      `TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_X509_verify_cert:_certificate_verification_error_at_depth_0:_${why}:TLS_error_end`;
    for (const [failure, words] of [
      [verify('certificate_revoked'), /^the certificate is revoked \(.*certificate revoked\)$/],
      [verify('certificate_has_expired'), /^the certificate has expired \(/],
      [verify('unable_to_get_local_issuer_certificate'), /^the certificate is of a CA that is not trusted here \(/],
      [verify('something_new'), /^the certificate was not accepted \(.*something new\)$/],
      [
        'TLS_error:|268435655:SSL_routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE:TLS_error_end',
        /^the client showed no certificate/,
      ],
      ['TLS_error:|268435612:SSL_routines:OPENSSL_internal:HTTP_REQUEST:TLS_error_end', /^the client spoke plain HTTP/],
      [
        'TLS_error:|33554536:system_library:OPENSSL_internal:Connection_reset_by_peer:TLS_error_end',
        /Connection reset by peer$/,
      ],
      ['', /^$/],
    ] as const) {
      expect(handshakeWords(failure)).to.match(words);
    }
  });
});
