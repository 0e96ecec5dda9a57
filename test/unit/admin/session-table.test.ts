import { expect } from 'chai';
import fc from 'fast-check';
import { columns } from '../../../admin/output.js';
import { figureColumns, peersText, wideColumns } from '../../../admin/session-columns.js';
import { sessionTable, shortened } from '../../../admin/session-table.js';
import { identityResource, listedSession, NOW } from '../../support/listed-session.js';

/** Widths that a terminal can have. */
const width = fc.integer({ min: 20, max: 220 });

/** Width in which the figures of `listedSession` and twelve columns of a meetup id have room. */
const WHOLE = 66;

/** Half of a character. */
const LONE = /\p{Cs}/u;

describe('the table of sessions', () => {
  it('says in 80 columns what matters, with a whole meetup id of the usual length', () => {
    const text = sessionTable([listedSession()], figureColumns(NOW), 80);
    expect(text).to.equal(
      [
        'MEETUP                    STATE     AGE  CALLS  ERRORS    P99  BACKLOG  RECONN\n',
        'sub/8675309/00224dd149bb  PAIRED  2h14m      3      12  3.10s  64.0KiB      14\n',
      ].join(''),
    );
  });

  it('says in 100 columns and more who sits there, by the common name', () => {
    const turned = listedSession({ peers: listedSession().peers.toReversed() });
    expect(peersText(turned)).to.equal('manager cloud-7, gateway gw-12');
    const waiting = listedSession({ state: 'SESSION_STATE_WAITING', peers: listedSession().peers.slice(1) });
    const rows = sessionTable([listedSession(), waiting], figureColumns(NOW), 100).split('\n');
    expect(rows[1]).to.match(/ {2}14 {2}cloud-7, gw-12$/);
    expect(rows[2]).to.match(/ {2}14 {2}gateway gw-12$/);
    expect(sessionTable([listedSession()], figureColumns(NOW), 110)).to.match(/ {2}manager cloud-7, gateway gw-12\n$/);
  });

  it('fits every terminal, and shows each figure whole where the figures and the least of a meetup id have room', () => {
    const meetup = fc.stringMatching(/^[a-z0-9/?=]{1,60}$/);
    fc.assert(
      fc.property(fc.array(meetup, { minLength: 1, maxLength: 5 }), width, (meetups, wide) => {
        const sessions = meetups.map((meetup_id) => listedSession({ meetup_id }));
        const lines = sessionTable(sessions, figureColumns(NOW), wide).trimEnd().split('\n');
        expect(lines).to.have.length(meetups.length + 1);
        for (const line of lines) expect(line.length).to.be.at.most(wide);
        if (wide >= WHOLE) for (const line of lines.slice(1)) expect(line).to.match(/3\.10s +64\.0KiB +14/);
      }),
      { examples: [[['a'.repeat(60)], WHOLE]] },
    );
    const [, narrow] = sessionTable([listedSession()], figureColumns(NOW), WHOLE - 1).split('\n');
    expect(narrow).to.match(/64\.0KiB +…$/);
  });

  it('shortens a meetup id in its middle', () => {
    expect(shortened('sub/8675309/00224dd149bb', 16)).to.equal('sub/8…224dd149bb');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 2, max: 40 }), (text, wide) => {
        const cut = shortened(text, wide);
        expect(cut.length).to.be.at.most(Math.max(wide, 1));
        if (!LONE.test(text)) expect(LONE.test(cut)).to.equal(false);
      }),
    );
  });

  it('names a peer in a word, whatever its certificate says', () => {
    const named = (subject: string) =>
      peersText({ peers: [{ ...listedSession().peers[0], identity: identityResource(subject) } as never] });
    expect(named('CN=gw\\,12,OU=b')).to.equal('manager gw,12');
    expect(named('OU=b,O=Lab')).to.equal('manager b');
    expect(named('CN=#0402,O=Lab')).to.equal('manager Lab');
    expect(named('')).to.equal(`manager sha256:${'ab'.repeat(8)}`);
    expect(named('no name')).to.equal('manager no name');
  });

  it('has all the rest when it is wide, and ages with their unit when it is piped', () => {
    const plain = columns([listedSession()], wideColumns(NOW), 'plain').split('\n');
    const [head, row] = plain.map((line) => line.split('\t'));
    const cells = Object.fromEntries((head ?? []).map((title, at) => [title, row?.[at]]));
    expect(cells).to.deep.include({
      MEETUP: 'sub/8675309/00224dd149bb',
      AGE: '8040s',
      P99: '3.10s',
      BACKLOG: '65536B',
    });
    expect(cells).to.deep.include({ FIRST: 'manager CN=cloud-7,O=Cloud', 'AT-PEER': '1.10s', 'IN-PROXY': '0.40ms' });
    expect(head?.at(0)).to.equal('UID');
    expect(head?.at(-1)).to.equal('REPLICA');
  });

  it('leaves out what is not known', () => {
    const session = listedSession({ reconnects: null, invocations: null });
    const [, row] = sessionTable([session], figureColumns(NOW), 80).split('\n');
    expect(row).to.match(/ 0 +0 +- +64\.0KiB +-$/);
  });
});
