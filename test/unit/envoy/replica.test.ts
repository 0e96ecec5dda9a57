import { expect } from 'chai';
import fc from 'fast-check';
import { readEndpoints, writeEndpoints } from '../../../envoy/endpoints.js';
import { faultOfReplicas, formatReplica, MAX_REPLICAS, parseReplica, type Replica } from '../../../envoy/replica.js';
import { withoutReplicas, withReplicas } from '../../../envoy/replicas.js';

function replica(text: string): Replica {
  const parsed = parseReplica(text);
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed.ok;
}

function faultIn(text: string): string {
  const parsed = parseReplica(text);
  return 'fault' in parsed ? parsed.fault : '';
}

const port = fc.integer({ min: 1, max: 65_535 });
const socket = fc.stringMatching(/^(?:\/[a-z0-9 ="'é:{}#-]{1,9}){1,4}$/u).map((path) => `unix:${path}`);
const tcp = fc
  .tuple(
    fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((host) => `[${host}]`),
    ),
    port,
  )
  .map(([host, number]) => `${host}:${number}`);
const address = fc.oneof(socket, tcp);
const texts = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/), address, tcp, fc.option(address))
  .map(([name, peers, health, control]) => `${name}=${peers},health=${health}${control ? `,control=${control}` : ''}`);

describe('a replica of envoy render', () => {
  it('is read from its text', () => {
    expect(replica('r1=unix:/run/r1.sock,health=127.0.0.1:9464,control=[::1]:5051')).to.deep.equal({
      name: 'r1',
      peers: { t: 'unix', path: '/run/r1.sock' },
      health: { host: '127.0.0.1', port: 9464 },
      control: { t: 'tcp', host: '::1', port: 5051 },
    });
  });

  it('is written as it is read', () => {
    fc.assert(fc.property(texts, (text) => formatReplica(replica(text)) === text));
  });

  it('comes through the files that Envoy reads, with all others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(texts, { maxLength: 5, selector: (text) => text.split('=', 1)[0] }),
        fc.boolean(),
        (all, hasTls) => {
          const files = writeEndpoints(all.map(replica), hasTls);
          const back = readEndpoints(files.get('eds/rendezvous.yaml') ?? '', files.get('eds/control.yaml') ?? '');
          expect(back.map(formatReplica).sort()).to.deep.equal([...all].sort());
        },
      ),
    );
  });

  it('is read without a throw, whatever stands there', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseReplica(text)));
  });

  for (const [text, fault] of [
    ['', /^it has the form NAME=ADDRESS,health=/],
    ['unix:/run/r1.sock', /^it has the form NAME=ADDRESS/],
    ['r 1=unix:/a,health=127.0.0.1:1', /a name of up to 63 letters, digits/],
    ['r1=', /^r1: "" is no address: it is neither unix:PATH nor HOST:PORT$/],
    ['r1=unix:,health=127.0.0.1:1', /^r1: "unix:" is no address: the path of the socket is missing$/],
    [`r1=unix:/${'x'.repeat(107)},health=127.0.0.1:1`, /108 bytes, the system allows 107/],
    ['r1=proxy.example:5443,health=127.0.0.1:1', /^r1: "proxy\.example:5443" is no address: Envoy looks up no names/],
    ['r1=unix:/a', /^r1: health= names where its \/readyz is asked, IP:PORT/],
    ['r1=unix:/a,health=unix:/b', /^r1: health= names where/],
    ['r1=unix:/a,health=127.0.0.1:0', /^r1: health= names where/],
    ['r1=unix:/a,health=127.0.0.1:1,control=b', /^r1: control=: "b" is no address/],
    ['r1=unix:/a,heatlh=127.0.0.1:1', /^r1: it has health= and control=, not "heatlh"$/],
  ] as const) {
    it(`is refused with its fault: ${text.slice(0, 40) || 'nothing'}`, () => {
      expect(faultIn(text)).to.match(fault);
    });
  }
});

describe('the replicas of one Envoy', () => {
  const r1 = replica('r1=unix:/a,health=127.0.0.1:1,control=unix:/c');
  const r2 = replica('r2=unix:/b,health=127.0.0.1:2');

  it('may be told apart', () => {
    expect(faultOfReplicas([r1, r2], false)).to.equal(undefined);
    expect(faultOfReplicas([r1, { ...r2, name: 'r1' }], false)).to.equal('two replicas have the name r1');
    expect(faultOfReplicas([r1, { ...r2, peers: r1.peers }], false)).to.equal('r1 and r2 are both at unix:/a');
    expect(faultOfReplicas([{ ...r1, control: r1.peers }], false)).to.equal('r1 and r1 are both at unix:/a');
    const many = Array.from({ length: MAX_REPLICAS + 1 }, (_, n) => replica(`r${n}=unix:/${n},health=127.0.0.1:1`));
    expect(faultOfReplicas(many.slice(1), false)).to.equal(undefined);
    expect(faultOfReplicas(many, false)).to.match(/^501 replicas are too many/);
  });

  it('are reached by mutual TLS beyond this machine', () => {
    const there = replica('r3=10.0.0.3:5443,health=10.0.0.3:9464');
    expect(faultOfReplicas([there], false)).to.match(/^r3: 10\.0\.0\.3:5443 is beyond this machine, .* --replica-cert/);
    expect(faultOfReplicas([there], true)).to.equal(undefined);
    expect(faultOfReplicas([replica('r3=127.0.0.1:5443,health=127.0.0.1:9464')], false)).to.equal(undefined);
  });

  it('are the same files for every Envoy, in whatever order they are named', () => {
    expect(writeEndpoints([r1, r2], false)).to.deep.equal(writeEndpoints([r2, r1], false));
  });

  it('come and go by name', () => {
    const moved = { ...r1, peers: r2.peers };
    expect(withReplicas([r1], [r2])).to.deep.equal([r1, r2]);
    expect(withReplicas([r1], [moved])).to.deep.equal([moved]);
    expect(withoutReplicas([r1, r2], ['r1'])).to.deep.equal([r2]);
    expect(() => withoutReplicas([r1, r2], ['r2', 'r9'])).to.throw('there is no replica "r9"; there are: r1, r2');
    expect(() => withoutReplicas([], ['r9'])).to.throw('there are: none');
  });

  it('are not read from what ws-proxy did not write', () => {
    for (const text of ['', 'resources: []', 'a: [', 'resources: [{ endpoints: [{ lb_endpoints: [{}] }] }]']) {
      expect(() => readEndpoints(text, text), text).to.throw();
    }
  });
});
