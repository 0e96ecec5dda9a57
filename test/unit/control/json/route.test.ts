import { expect } from 'chai';
import { jsonCalls } from '../../../../proxy/control/json/calls.js';
import { routeOf } from '../../../../proxy/control/json/route.js';
import { CONTROL_SERVICE } from '../../../../proxy/control/rpc/contract.js';
import { CONTROL_RIGHTS } from '../../../../proxy/control/rpc/rights.js';

const told = (verb: string, path: string): string => {
  const route = routeOf(verb, path);
  if (route.t === 'call') return [route.call.grpcPath.split('/').at(-1), route.bound ?? ''].join(' ').trim();
  return route.t === 'other_verbs' ? `405 ${route.allow}` : '404';
};

describe('routes of the JSON form', () => {
  it('has every call of the contract', () => {
    const calls = jsonCalls.map(({ grpcPath }) => grpcPath.slice(`/${CONTROL_SERVICE}/`.length));
    expect(calls).to.have.members(Object.keys(CONTROL_RIGHTS));
  });

  for (const [verb, path, wanted] of [
    ['GET', '/v1/sessions', 'ListSessions'],
    ['GET', '/v1/sessions/a-1', 'GetSession sessions/a-1'],
    ['POST', '/v1/sessions/a%2fb:kick', 'KickSession sessions/a%2fb'],
    ['GET', '/v1/sessions:watch', 'WatchSessions'],
    ['DELETE', '/v1/blocks/1', 'UnblockPeer blocks/1'],
    ['HEAD', '/v1/sessions', '405 GET'],
    ['OPTIONS', '/v1/blocks', '405 POST, GET'],
    ['DELETE', '/v1/drain', '405 POST, GET'],
    ['get', '/v1/info', '405 GET'],
    ['GET', '/v1/sessions/a:kick', '405 POST'],
    ['GET', '/v1/sessions/a/b', '404'],
    ['GET', '/v1/sessions/', '404'],
    ['GET', '/v1/sessions/a:b', '404'],
    ['GET', '/v1/info/', '404'],
    ['GET', '/v2/info', '404'],
    ['GET', '/v1/log:setlevel', '404'],
    ['GET', '', '404'],
  ] as const) {
    it(`${verb} ${path} is ${wanted}`, () => expect(told(verb, path)).to.equal(wanted));
  }
});
