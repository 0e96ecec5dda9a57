import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { RESERVED_FILES } from '../../proxy/door/open-files.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { type Program, runLimited } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { identityHeaders, refusedUpgrade } from '../support/service.js';

/** Connections for which there are descriptors. */
const ROOM = 8;

describe('a service that may open few files', () => {
  const scratch = new Scratch();
  const socket = scratch.path('p.sock');
  let service: Program;
  before(async () => {
    const flags = [
      '--listen',
      `unix:${socket}`,
      '--metrics-port',
      '0',
      '--policy',
      'any-verified',
      '--log-format',
      'json',
    ];
    service = runLimited(RESERVED_FILES + ROOM, 'serve', ...flags);
    await service.line('stdout', /"ready"/);
  });
  after(async () => {
    await service.stop('SIGKILL');
    scratch.remove();
  });

  it('says so in one line, with the number that is needed', async () => {
    const { level, message } = JSON.parse(await service.line('stdout', /open files/));
    expect([level, message.split('\n').length]).to.deep.equal(['warn', 1]);
    expect(message).to.include('allow 15256').and.include('LimitNOFILE');
  });

  it('answers whom it has no room for with the reason', async () => {
    const dial = (at: number) =>
      new WebSocket(`ws+unix:${socket}:${MEETUP_PREFIX}room/${at}`, { headers: identityHeaders() });
    const open = Array.from({ length: ROOM }, (_, at) => dial(at));
    await Promise.all(open.map((one) => once(one, 'open')));
    const refused = await refusedUpgrade(socket, `${MEETUP_PREFIX}room/x`, identityHeaders());
    expect([refused.status, refused.error.reason]).to.deep.equal([503, 'server_full']);
    for (const one of open) one.terminate();
  });

  it('does not start where not even a pair has room', async () => {
    const flags = ['--listen', `unix:${scratch.path('q.sock')}`, '--metrics-port', '0', '--policy', 'any-verified'];
    const none = runLimited(RESERVED_FILES, 'serve', ...flags);
    expect(await none.line('stderr', /open files/)).to.match(/too few for a pair: allow 15256 /);
    expect(await none.ended).to.equal(1);
  });
});
