import { expect } from 'chai';
import { parse } from 'yaml';
import { refusal } from '../../proxy/wire/close.js';
import type { AdminRig } from '../support/admin.js';
import type { ControlRig } from '../support/control.js';
import { identity } from '../support/fixtures.js';
import type { FleetRig } from '../support/fleet.js';
import { type FleetBehindEnvoy, startFleetBehindEnvoy } from '../support/fleet-behind-envoy.js';

const EVIL = 'evil \u001b[2J\u202e';

describe('commands that tell what happened, through the real Envoy', function () {
  // Envoy starts, and replicas that are silent are waited for.
  this.timeout(40_000);
  let fleet: FleetRig;
  let admin: AdminRig;
  let stage: FleetBehindEnvoy;
  before(async () => {
    stage = await startFleetBehindEnvoy();
    ({ fleet, admin } = stage);
  });
  afterEach(() => {
    process.exitCode = 0;
  });
  after(async () => {
    await stage.stop();
  });

  const refuse = ({ memory }: ControlRig, meetupId: string, subject: string): void =>
    memory.refused({
      ...{ refusal: refusal('policy_denied'), detail: `no rule for ${EVIL}`, target: '/x', remote: '192.0.2.7' },
      ...{ requestId: '', meetupId, identity: identity({ subject }) },
    });

  it('in each form, with no claim that steers a terminal', async () => {
    const [first] = fleet.at(1).rig.pair('sub/forms');
    refuse(fleet.at(2).rig, 'sub/forms', `CN=${EVIL}`);
    first.socket.gone('connection_lost', 1006);
    const plain = await admin.run(['history', 'sub/forms']);
    expect(plain.out).to.contain('CN=evil \\u{1b}[2J\\u{202e} was refused').and.to.contain('WAS HERE');
    expect(plain.out).to.match(/\tconnection_lost\t.*\tr2\n/);
    const json = JSON.parse((await admin.run(['history', 'sub/forms', '-o', 'json'])).out);
    expect(json.past.map(({ replica }: { replica: string }) => replica)).to.deep.equal(['r2', 'r2']);
    expect(json.refusals[0]).to.deep.include({ reason: 'policy_denied', times: '1', replica: 'r3' });
    expect(parse((await admin.run(['history', 'sub/forms', '-o', 'yaml'])).out).meetings).to.equal('1');
    const { out, notes } = await admin.run(['refusals', '--meetup', 'sub/forms'], 100);
    expect(out)
      .to.match(/^LAST +TIMES/)
      .and.not.to.contain('\u001b');
    expect(notes).to.contain('1 refusals since').and.to.contain('no edge has told of a handshake');
    const calls = await admin.run(['calls', '--meetup', 'sub/forms', '--failed', '--since', '1h']);
    expect(calls.out.split('\n')[0]?.split('\t').slice(0, 3)).to.deep.equal(['TIME', 'STATUS', 'RESULT']);
    expect(calls.notes).to.match(/^of 0 calls since .* 0 are kept\n$/);
    const missing = await admin.run(['explain', '--subject', 'CN=nobody', 'sub/forms']);
    expect(missing.failure).to.include({ exitCode: 4 });
    expect((await admin.run(['explain', '--last', 'sub/forms'])).out).to.match(/^ALLOW\n/);
  });

  it('and then each thing that happens, on whichever replica, until it is interrupted', async () => {
    const { rig } = fleet.at(1);
    const watched = async (words: readonly string[], happen: () => void, until: RegExp): Promise<string> => {
      let stop: NodeJS.Timeout | undefined;
      const seen = new Promise<string>((resolve) => {
        const look = (text: string): void => {
          if (until.test(text)) resolve(text);
        };
        void admin.run([...words, '--watch'], undefined, look);
        // The streams of the other replicas open after the client's own: what happens before is in the answer.
        stop = setInterval(happen, 100);
      });
      const text = await seen;
      clearInterval(stop);
      return text;
    };
    let n = 0;
    const come = (): void => {
      n += 1;
      rig.join(`sub/watched`).peer.end('kicked', 'by hand');
      refuse(rig, n % 2 === 0 ? 'sub/watched' : 'sub/watched/more', 'CN=late');
    };
    const told = await watched(['history', 'sub/watched'], come, /REFUSED\t.*\n[\s\S]*WENT\t[\s\S]*REFUSED/);
    expect(told)
      .to.match(/CAME\tsub\/watched\t/)
      .and.to.match(/WENT\tsub\/watched\t.*\tkicked: .*by hand/);
    expect(told.slice(told.indexOf('CAME'))).not.to.contain('sub/watched/more');
    const lines = await watched(['refusals', '--subject', 'late', '-o', 'json'], come, /"refusal":\{"reason"/);
    expect(lines).to.contain('"replica":"r2"');
  });

  it('name the replicas that do not answer, and end with the exit code for that', async () => {
    fleet.at(2).line.become('cut');
    for (const words of [['history', 'sub/forms'], ['refusals'], ['calls']]) {
      process.exitCode = 0;
      const { notes } = await admin.run(words);
      expect(notes, words.join(' ')).to.contain('r3 did not answer');
      expect(process.exitCode).to.equal(6);
    }
  });
});
