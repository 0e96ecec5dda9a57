import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { permissionsOf, permissionsText, ROLES } from '../../proxy/cluster/nats/permissions.js';
import { startNats, type TestNats, useNats } from '../support/nats.js';
import {
  claimOf,
  natsSettings,
  type OpenedNats,
  recordOf,
  storedIn,
  useNatsClients,
  writtenIn,
} from '../support/nats-client.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { Scratch } from '../support/scratch.js';

const files = Object.fromEntries(
  ROLES.map((role) => [`${role}.conf`, readFileSync(`deploy/nats/${role}.conf`, 'utf8')]),
);
const { replica } = permissionsOf('wsp');
/** What a replica asks for only where a stream is missing. */
const SAYS_WHY = '$JS.API.STREAM.INFO.WSP_CLAIMS';

/** A user each that lacks one of a replica's permissions. */
const lacking = [
  ...replica.publish.map((subject) => ({ act: 'publish', subject }) as const),
  ...replica.subscribe.map((subject) => ({ act: 'subscribe', subject }) as const),
].map((lack, at) => ({ ...lack, user: `lacks-${at}` }));

const config = `
authorization {
  users: [
    { user: root, password: p-root }
    { user: replica, password: p-replica, permissions: { include ./replica.conf } }
    { user: founder, password: p-founder, permissions: { include ./founder.conf } }
    { user: admin, password: p-admin, permissions: { include ./admin.conf } }
    { user: viewer, password: p-viewer, permissions: { include ./viewer.conf } }
    ${lacking.map(({ user, act, subject }) => withoutOne(user, act, subject)).join('\n    ')}
  ]
}`;

function withoutOne(user: string, act: 'publish' | 'subscribe', subject: string): string {
  const permissions = { ...replica, [act]: replica[act].filter((one) => one !== subject) };
  return `{ user: ${user}, password: p-${user}, permissions: ${JSON.stringify(permissions)} }`;
}

describe('the permissions of deploy/nats', function () {
  this.timeout(60_000);
  const nats = useNats({ config, files });
  const scratch = new Scratch();
  const open = useNatsClients();
  useRawNats();
  after(() => scratch.remove());

  async function as(user: string, server: TestNats = nats()): Promise<OpenedNats> {
    const userFile = scratch.write(user, `${user}\np-${user}\n`);
    const one = open(natsSettings(server, { userFile, requestTime: 400 }));
    await one.turns(true);
    return one;
  }

  before(async () => {
    const one = await as('founder');
    writtenIn(await one.store.putRecord('founder-1', recordOf('founder'), 0));
    await one.close();
  });

  it('are those of the code', () => {
    for (const role of ROLES) expect(files[`${role}.conf`], role).to.equal(permissionsText('wsp', role));
  });

  /** The last number of the blocks, which is gone: who follows has to find that out. */
  async function lastBlockGone(): Promise<number> {
    const { js, jsm } = await rawNats(nats(), { user: 'root', pass: 'p-root' });
    const { seq } = await js.publish('wsp.block.gone', 'x');
    await jsm.streams.deleteMessage('WSP_BLOCKS', seq);
    return seq;
  }

  it('let a replica do all that it does', async () => {
    const one = await as('replica');
    expect(await faultsOf(one, await lastBlockGone())).to.deep.equal([]);
    expect(one.told.filter((line) => line.startsWith('error'))).to.deep.equal([]);
  });

  for (const { user, act, subject } of lacking.filter((one) => one.subject !== SAYS_WHY)) {
    it(`hold nothing that a replica could be without: to ${act} ${subject}`, async () => {
      const one = await as(user);
      expect(await faultsOf(one, await lastBlockGone())).to.not.deep.equal([]);
    });
  }

  it(`let a replica say what is missing: to publish ${SAYS_WHY}`, async () => {
    const empty = await startNats({ config, files });
    try {
      for (const [user, why] of [
        [
          'replica',
          /WSP_CLAIMS: there is none, and this user may not make it: have one who may run ws-proxy cluster init/,
        ],
        [lacking.find(({ subject }) => subject === SAYS_WHY)?.user ?? '', /may not publish to \$JS\.API\.STREAM\.INFO/],
      ] as const) {
        const one = await as(user, empty);
        expect((await one.store.putRecord('a-1', recordOf('a'), 0)).t).to.equal('unknown');
        expect(await one.hears(/cannot be had in NATS: WSP_CLAIMS/)).to.match(why);
      }
    } finally {
      await empty.remove();
    }
  });

  for (const user of ['replica', 'founder', 'viewer', 'admin']) {
    it(`refuse everything else: ${user}`, () => isRefusedTheRest(user));
  }

  async function isRefusedTheRest(user: string): Promise<void> {
    const { connection } = await rawNats(nats(), { user, pass: `p-${user}` }, '_INBOX.wsp');
    const refused: string[] = [];
    (async () => {
      for await (const status of connection.status()) if (status.type === 'error') refused.push(status.error.message);
    })();
    const sent = [
      ...['STREAM.DELETE', 'STREAM.PURGE', 'STREAM.SNAPSHOT', 'STREAM.RESTORE'].flatMap((call) => [
        `$JS.API.${call}.WSP_CLAIMS`,
        `$JS.API.${call}.WSP_BLOCKS`,
      ]),
      ...['$JS.API.STREAM.MSG.DELETE.WSP_BLOCKS', '$JS.API.STREAM.LIST', '$JS.API.CONSUMER.CREATE.WSP_CLAIMS'],
      ...['$JS.API.STREAM.INFO.OTHER', '$SYS.REQ.SERVER.PING', '_INBOX.other.a', 'wsp.claim.a.b', 'wsp.other', 'other'],
    ];
    for (const subject of sent) connection.publish(subject, '{}');
    const heard = ['>', 'wsp.claim.*', 'wsp.block.*', 'wsp.>', '_INBOX.>', '$SYS.>'];
    for (const subject of heard) connection.subscribe(subject, { callback: () => {} });
    await connection.flush();
    await connection.flush();
    for (const subject of sent) expect(refused.join('\n'), subject).to.include(`Publish to "${subject}"`);
    for (const subject of heard) expect(refused.join('\n'), subject).to.include(`Subscription to "${subject}"`);
  }

  it('keep a replica from making and altering streams, and a viewer from writing', async () => {
    const { founder, viewer } = permissionsOf('wsp');
    expect(replica.publish.filter((one) => /CREATE|UPDATE/.test(one))).to.deep.equal([]);
    expect(founder.publish.filter((one) => /UPDATE/.test(one))).to.deep.equal([]);
    expect(viewer.publish.filter((one) => !/\.(?:INFO|GET)\./.test(one))).to.deep.equal([]);
  });

  it('tell a replica in words what it may not do', async () => {
    const lacksClaims = lacking.find(({ subject }) => subject === 'wsp.claim.*')?.user ?? '';
    const one = await as(lacksClaims);
    const put = await one.store.putClaim('m', claimOf('a-1'), 0);
    expect(put)
      .to.have.property('detail')
      .that.matches(/^this user may not publish to wsp\.claim\.[0-9a-f]{32}: /);
    expect(await one.hears(/refuses/)).to.include('this user may not publish to wsp.claim.');
  });
});

/** Does everything that a replica does, and says what did not work. */
async function faultsOf({ store, blocks }: OpenedNats, lastBlock: number): Promise<readonly string[]> {
  const faults: string[] = [];
  const check = async (what: string, done: () => Promise<boolean>): Promise<void> => {
    const isDone = await done().catch(() => false);
    if (!isDone) faults.push(what);
  };
  const id = `m-${Math.random()}`;
  let claim = 0;
  await check('put a claim', async () => {
    claim = writtenIn(await store.putClaim(id, claimOf('a-1'), 0));
    return true;
  });
  await check('read a claim', async () => storedIn(await store.readClaim(id)) !== undefined);
  await check('release a claim', async () => {
    store.releaseClaim(claim);
    for (let turn = 0; turn < 20; turn += 1) if (storedIn(await store.readClaim(id)) === undefined) return true;
    return false;
  });
  await check('put a record', async () => writtenIn(await store.putRecord(id, recordOf('a'), 0)) > 0);
  await check('read a record', async () => storedIn(await store.readRecord(id)) !== undefined);
  await check('list records', async () => (await store.records())?.has(id) === true);
  const stop = store.answerFor(id);
  await check('answer', async () => (await aliveOf(store, id)) === 'alive');
  stop();
  await check('ask for nobody', async () => (await store.isAlive(`${id}-2`)) === 'nobody');
  const now = Date.now();
  const block = { uid: id, subject: 'CN=a', reason: 'r', by: 'b', since: now, until: now + 60_000 };
  const handed: string[] = [];
  const unfollow = blocks.follow({
    put: ({ uid }) => handed.push(uid),
    lifted: (uid) => handed.push(`${uid} lifted`),
    inForce: () => [],
  });
  await check('pass over what is gone', () => blocks.appliedTo(lastBlock));
  await check('put and lift a block', async () => {
    writtenIn(await blocks.put(block));
    return blocks.appliedTo(writtenIn(await blocks.lift(block)));
  });
  await check('follow blocks', async () => handed.includes(`${id} lifted`));
  unfollow();
  return faults;
}

/** The subscription is on its way when the first question is asked. */
async function aliveOf(store: OpenedNats['store'], incarnation: string): Promise<string> {
  for (let turn = 0; turn < 5; turn += 1) if ((await store.isAlive(incarnation)) === 'alive') return 'alive';
  return 'not';
}
