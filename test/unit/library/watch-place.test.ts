import { status as Code, Metadata, type ServiceError } from '@grpc/grpc-js';
import { expect } from 'chai';
import { ControlFailure } from '../../../library/control/failure.js';
import { WatchPlace } from '../../../library/control/watch-place.js';
import { codecOf } from '../../../proxy/control/rpc/contract.js';
import { packedErrorInfo } from '../../../proxy/control/rpc/error-details.js';

const PATIENCE = 1_000;

function failure(code: Code, reason?: string): ServiceError {
  const metadata = new Metadata();
  const info = { reason: reason ?? '', domain: 'wsproxy.micronets', metadata: { place: 'here' } };
  const status = { code, message: 'x', details: reason === undefined ? [] : [packedErrorInfo(info)] };
  metadata.set('grpc-status-details-bin', codecOf('google.rpc.Status').serialize(status));
  return Object.assign(new Error('x'), { code, details: 'what the server wrote', metadata });
}

const HERE = { t: 'here', wait: true };
const NOWHERE = { t: 'nowhere' };

function placeWith(token: string): WatchPlace {
  const place = new WatchPlace(PATIENCE);
  place.heard({ type: 'SESSION_EVENT_TYPE_HEARTBEAT', session: null, resume_token: token, replica: '' });
  return place;
}

describe('where a watch goes on', () => {
  it('here, where the line broke; nowhere once its patience is over, and patient again after the next event', () => {
    const place = placeWith('t1');
    expect(place.after(failure(Code.UNAVAILABLE), 0)).to.deep.equal(HERE);
    expect(place.after(failure(Code.INTERNAL), PATIENCE)).to.deep.equal(HERE);
    expect(place.after(failure(Code.UNAVAILABLE), PATIENCE + 1)).to.deep.equal(NOWHERE);
    place.heard({ type: 'SESSION_EVENT_TYPE_HEARTBEAT', session: null, resume_token: '', replica: '' });
    expect(place.after(failure(Code.UNAVAILABLE), PATIENCE + 2)).to.deep.equal(HERE);
    expect(place.token).to.equal('t1');
  });

  it('from the start, where the server does not know the place any more or the watcher was too slow', () => {
    for (const reason of ['RESUME_TOKEN_EXPIRED', 'WATCHER_TOO_SLOW']) {
      const place = placeWith('t1');
      expect(place.after(failure(Code.ABORTED, reason), 0)).to.deep.equal({ t: 'from_the_start', wait: false });
      expect(place.token).to.equal('');
    }
  });

  it('from the start and after a wait, where the line broke during the snapshot; told once, and within its patience', () => {
    const place = placeWith('');
    expect(place.after(failure(Code.UNAVAILABLE), 0)).to.deep.equal({ t: 'from_the_start', wait: true });
    expect(place.after(failure(Code.UNAVAILABLE), PATIENCE)).to.deep.equal(HERE);
    expect(place.after(failure(Code.UNAVAILABLE), PATIENCE + 1)).to.deep.equal(NOWHERE);
    expect(place.token).to.equal('');
    const denied = placeWith('');
    expect(denied.after(failure(Code.PERMISSION_DENIED, 'DENIED'), 0)).to.deep.equal(NOWHERE);
  });

  it('from the start, where the line breaks right after it started over', () => {
    const place = placeWith('t1');
    place.after(failure(Code.ABORTED, 'WATCHER_TOO_SLOW'), 0);
    expect(place.after(failure(Code.UNAVAILABLE), 1)).to.deep.equal(HERE);
    expect(place.token).to.equal('');
    place.heard({ type: 'SESSION_EVENT_TYPE_ADDED', session: null, resume_token: '', replica: '' });
    expect(place.after(failure(Code.UNAVAILABLE), PATIENCE)).to.deep.equal({ t: 'from_the_start', wait: true });
  });

  it('nowhere, where it never was anywhere, or the server has said no', () => {
    expect(new WatchPlace(PATIENCE).after(failure(Code.UNAVAILABLE), 0)).to.deep.equal(NOWHERE);
    expect(placeWith('t1').after(failure(Code.PERMISSION_DENIED, 'DENIED'), 0)).to.deep.equal(NOWHERE);
  });
});

describe('a failure of the control API', () => {
  it('has the words, the reason and what is named beside it; and neither where the server did not answer', () => {
    const said = new ControlFailure(failure(Code.NOT_FOUND, 'SESSION_NOT_FOUND'));
    expect(said).to.include({ code: 'NOT_FOUND', reason: 'SESSION_NOT_FOUND', message: 'what the server wrote' });
    expect(said.metadata).to.deep.equal({ place: 'here' });
    const unsaid = new ControlFailure(failure(Code.UNAVAILABLE));
    expect([unsaid.code, unsaid.reason, unsaid.metadata]).to.deep.equal(['UNAVAILABLE', '', {}]);
  });
});
