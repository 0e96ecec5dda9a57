import { expect } from 'chai';
import { roomFor } from '../../../dev/room.js';
import {
  connectionsWithin,
  DEFAULT_MAX_CONNECTIONS,
  edgeConnectionsFor,
  openFilesFor,
} from '../../../envoy/settings.js';
import { options } from '../../../proxy/config/options.js';
import { ListenError } from '../../../proxy/door/listen.js';
import { capacityOf, RESERVED_FILES, systemLimits } from '../../../proxy/door/open-files.js';

const ENOUGH = { openFiles: 1_000_000, backlog: 4_096 };
const DEFAULT = Number(options.maxConnections.default);

describe('open files and connections', () => {
  it('are read from this system', () => {
    const { openFiles = 0, backlog = 0 } = systemLimits();
    expect(openFiles).to.be.greaterThan(0);
    expect(backlog).to.be.greaterThan(0);
  });

  it('enough, or unknown: everything is served and nothing is said', () => {
    for (const limits of [
      ENOUGH,
      { openFiles: Number.POSITIVE_INFINITY, backlog: 4_096 },
      { openFiles: undefined, backlog: undefined },
    ]) {
      expect(capacityOf(DEFAULT, limits)).to.deep.equal({ maxConnections: DEFAULT, warnings: [] });
    }
    const exactly = { ...ENOUGH, openFiles: DEFAULT + RESERVED_FILES };
    expect(capacityOf(DEFAULT, exactly).warnings).to.deep.equal([]);
  });

  it('too few: as many are served as there is room for, and one line says what to do', () => {
    const { maxConnections, warnings } = capacityOf(DEFAULT, { ...ENOUGH, openFiles: DEFAULT + RESERVED_FILES - 1 });
    expect(maxConnections).to.equal(DEFAULT - 1);
    expect(warnings).to.have.length(1);
    expect(warnings[0])
      .to.include(String(DEFAULT + RESERVED_FILES))
      .and.match(/LimitNOFILE.*ulimits.*Kubernetes/);
  });

  it('not even enough for a pair: no start', () => {
    expect(() => capacityOf(DEFAULT, { ...ENOUGH, openFiles: RESERVED_FILES })).to.throw(
      ListenError,
      /too few for a pair/,
    );
  });

  it('a queue of the system that is shorter than a fleet is named, with the number to set', () => {
    expect(capacityOf(DEFAULT, { ...ENOUGH, backlog: 128 }).warnings.join()).to.match(/somaxconn is 128: .* 4096/);
    expect(capacityOf(100, { ...ENOUGH, backlog: 128 }).warnings).to.deep.equal([]);
  });

  it("Envoy's limit is above the service's, so that the service can refuse with a reason", () => {
    expect(DEFAULT_MAX_CONNECTIONS).to.equal(20_000).and.greaterThan(DEFAULT);
    for (const service of [2, 3, 100, 15_000, 1_000_000]) {
      expect(edgeConnectionsFor(service)).to.be.greaterThan(service);
      expect(connectionsWithin(openFilesFor(service))).to.equal(service);
    }
  });

  it('a development run serves what there is room for in both', () => {
    expect(roomFor({}, undefined)).to.deep.equal({ edge: DEFAULT_MAX_CONNECTIONS });
    expect(roomFor({ WS_PROXY_MAX_CONNECTIONS: '30000' }, 1_000_000)).to.deep.equal({ edge: 40_000 });
    expect(roomFor({ WS_PROXY_MAX_CONNECTIONS: 'many' }, 1_000_000)).to.deep.equal({ edge: DEFAULT_MAX_CONNECTIONS });
    const { edge, service = 0, warning } = roomFor({ WS_PROXY_MAX_CONNECTIONS: String(DEFAULT) }, 20_000);
    expect(openFilesFor(edge)).to.be.at.most(20_000);
    expect(service).to.be.lessThan(edge);
    expect(warning).to.include(String(openFilesFor(DEFAULT_MAX_CONNECTIONS)));
    expect(roomFor({}, 20_000)).to.deep.equal({ edge, service });
  });

  it('a development run of several replicas has room at Envoy for all of them', () => {
    expect(roomFor({ WS_PROXY_MAX_CONNECTIONS: '3000' }, 1_000_000, 3)).to.deep.equal({ edge: 12_000 });
    const { edge, service = 0, warning } = roomFor({ WS_PROXY_MAX_CONNECTIONS: '3000' }, 20_000, 3);
    expect(openFilesFor(edge)).to.be.at.most(20_000);
    expect(edgeConnectionsFor(3 * service)).to.be.at.most(edge);
    expect(warning).to.match(/of 3000 connections of each replica \d+ are served; Envoy needs 24512 for all of them/);
  });
});
