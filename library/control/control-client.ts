import type { BlockPeerRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerRequest.js';
import type { BlockPeerResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerResponse.js';
import type { CountReconnectsRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/CountReconnectsRequest.js';
import type { CountReconnectsResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/CountReconnectsResponse.js';
import type { DrainReplicaRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/DrainReplicaRequest.js';
import type { DrainReplicaResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/DrainReplicaResponse.js';
import type { ExplainAccessRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ExplainAccessRequest.js';
import type { ExplainAccessResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ExplainAccessResponse.js';
import type { GetDrainRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetDrainRequest.js';
import type { GetDrainResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetDrainResponse.js';
import type { GetHistoryRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetHistoryRequest.js';
import type { GetHistoryResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import type { GetServerInfoRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoRequest.js';
import type { GetServerInfoResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { GetSessionRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetSessionRequest.js';
import type { GetSessionResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetSessionResponse.js';
import type { KickSessionRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/KickSessionRequest.js';
import type { KickSessionResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/KickSessionResponse.js';
import type { ListBlocksRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListBlocksRequest.js';
import type { ListBlocksResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListBlocksResponse.js';
import type { ListCallsRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListCallsRequest.js';
import type { ListCallsResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListCallsResponse.js';
import type { ListRefusalsRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListRefusalsRequest.js';
import type { ListRefusalsResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListRefusalsResponse.js';
import type { ListSessionsRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { ReloadPolicyRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ReloadPolicyRequest.js';
import type { ReloadPolicyResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ReloadPolicyResponse.js';
import type { Session__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import type { SetLogLevelRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/SetLogLevelRequest.js';
import type { SetLogLevelResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/SetLogLevelResponse.js';
import type { SetMeetupLogLevelRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/SetMeetupLogLevelRequest.js';
import type { SetMeetupLogLevelResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/SetMeetupLogLevelResponse.js';
import type { TapSessionRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/TapSessionRequest.js';
import type { TapSessionResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/TapSessionResponse.js';
import type { UnblockPeerRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/UnblockPeerRequest.js';
import type { UnblockPeerResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/UnblockPeerResponse.js';
import type { WatchDrainRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchDrainRequest.js';
import type { WatchDrainResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchDrainResponse.js';
import type { WatchHistoryRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchHistoryRequest.js';
import type { WatchHistoryResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchHistoryResponse.js';
import type { WatchSessionsRequest } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsRequest.js';
import { type CallOptions, ControlLine, type ControlOptions, type StreamOptions } from './line.js';
import { type SessionNews, type SessionWatchOptions, watchSessions } from './session-watch.js';

/**
 * A client of the control API, for certificates to which the policy gives rights. It connects at its first call, and again when the connection
 * broke. Every call rejects with {@link ControlFailure}, and each stream ends with one where it fails.
 */
export class ControlClient {
  readonly #line: ControlLine;

  /** Reads the certificates. Throws the system's error where a file cannot be read, TypeError where certificate and key do not fit. */
  constructor(options: ControlOptions) {
    this.#line = new ControlLine(options);
  }

  /** Every live session that matches, page by page as they are asked for. A replica that does not answer is in `unreachable_replicas` of `listSessions` only. */
  async *sessions(request: ListSessionsRequest = {}, options?: CallOptions): AsyncGenerator<Session__Output, void> {
    let pageToken = request.page_token ?? '';
    do {
      const page = await this.listSessions({ ...request, page_token: pageToken }, options);
      yield* page.sessions;
      pageToken = page.next_page_token;
    } while (pageToken !== '');
  }

  /**
   * Sends the live sessions of all replicas, then every change. When the connection breaks, or the replica that answered ends, it goes on where it was;
   * where that cannot be, it says so and starts over. Needs viewer.
   */
  watchSessions(
    request: WatchSessionsRequest = {},
    options: SessionWatchOptions = {},
  ): AsyncGenerator<SessionNews, void> {
    return watchSessions(this.#line, request, options);
  }

  /** Lists the live sessions of all replicas, page by page. Needs viewer. */
  listSessions(request: ListSessionsRequest = {}, options?: CallOptions): Promise<ListSessionsResponse__Output> {
    return this.#line.ask((client, ...rest) => client.listSessions(request, ...rest), options);
  }

  /** Gets one live session, whichever replica serves it; NOT_FOUND once it has finished. Needs viewer. */
  getSession(request: GetSessionRequest = {}, options?: CallOptions): Promise<GetSessionResponse__Output> {
    return this.#line.ask((client, ...rest) => client.getSession(request, ...rest), options);
  }

  /** Ends a session or one of its peers with close code 4410, and can keep whom it ended out for a time. Needs operator. */
  kickSession(request: KickSessionRequest = {}, options?: CallOptions): Promise<KickSessionResponse__Output> {
    return this.#line.ask((client, ...rest) => client.kickSession(request, ...rest), options);
  }

  /** Sends what is told of each message that a session relays from now on. Needs operator, and for bodies tap-bodies. Ends when `signal` fires. */
  tapSession(
    request: TapSessionRequest = {},
    options: StreamOptions = {},
  ): AsyncGenerator<TapSessionResponse__Output, void> {
    return this.#line.read((client, metadata) => client.tapSession(request, metadata), options);
  }

  /** Keeps peers out for a time and ends those that are in, with close code 4411. Needs operator. */
  blockPeer(request: BlockPeerRequest = {}, options?: CallOptions): Promise<BlockPeerResponse__Output> {
    return this.#line.ask((client, ...rest) => client.blockPeer(request, ...rest), options);
  }

  /** Lifts a block. Needs operator. */
  unblockPeer(request: UnblockPeerRequest = {}, options?: CallOptions): Promise<UnblockPeerResponse__Output> {
    return this.#line.ask((client, ...rest) => client.unblockPeer(request, ...rest), options);
  }

  /** Lists the blocks in force. Needs viewer. */
  listBlocks(request: ListBlocksRequest = {}, options?: CallOptions): Promise<ListBlocksResponse__Output> {
    return this.#line.ask((client, ...rest) => client.listBlocks(request, ...rest), options);
  }

  /** Makes one replica stop taking sessions, let invocations in flight finish up to a deadline and close in batches with code 1012. Its process goes on answering here. Needs operator. */
  drainReplica(request: DrainReplicaRequest = {}, options?: CallOptions): Promise<DrainReplicaResponse__Output> {
    return this.#line.ask((client, ...rest) => client.drainReplica(request, ...rest), options);
  }

  /** Says how far a replica's drain is. Needs viewer. */
  getDrain(request: GetDrainRequest = {}, options?: CallOptions): Promise<GetDrainResponse__Output> {
    return this.#line.ask((client, ...rest) => client.getDrain(request, ...rest), options);
  }

  /** Sends the progress of a replica's drain until it is done, from before its beginning if need be. Needs viewer. Ends when `signal` fires. */
  watchDrain(
    request: WatchDrainRequest = {},
    options: StreamOptions = {},
  ): AsyncGenerator<WatchDrainResponse__Output, void> {
    return this.#line.read((client, metadata) => client.watchDrain(request, metadata), options);
  }

  /** Says what answers here, which replicas serve beside it, and which rights the caller has. Needs viewer. */
  getServerInfo(request: GetServerInfoRequest = {}, options?: CallOptions): Promise<GetServerInfoResponse__Output> {
    return this.#line.ask((client, ...rest) => client.getServerInfo(request, ...rest), options);
  }

  /** Says whether someone may sit at a meetup, and why. Needs viewer. */
  explainAccess(request: ExplainAccessRequest = {}, options?: CallOptions): Promise<ExplainAccessResponse__Output> {
    return this.#line.ask((client, ...rest) => client.explainAccess(request, ...rest), options);
  }

  /** Tells what is remembered of a meetup, and what is wrong there in words. Needs viewer. */
  getHistory(request: GetHistoryRequest = {}, options?: CallOptions): Promise<GetHistoryResponse__Output> {
    return this.#line.ask((client, ...rest) => client.getHistory(request, ...rest), options);
  }

  /** Sends what happens from now on: who comes, is refused, meets and goes, and calls as far as they are kept. Needs viewer. Ends when `signal` fires. */
  watchHistory(
    request: WatchHistoryRequest = {},
    options: StreamOptions = {},
  ): AsyncGenerator<WatchHistoryResponse__Output, void> {
    return this.#line.read((client, metadata) => client.watchHistory(request, metadata), options);
  }

  /** Lists who was refused, by the service and, where it tells, by the edge's TLS. Needs viewer. */
  listRefusals(request: ListRefusalsRequest = {}, options?: CallOptions): Promise<ListRefusalsResponse__Output> {
    return this.#line.ask((client, ...rest) => client.listRefusals(request, ...rest), options);
  }

  /** Lists the calls that are kept; finds one by its trace id. Needs viewer. */
  listCalls(request: ListCallsRequest = {}, options?: CallOptions): Promise<ListCallsResponse__Output> {
    return this.#line.ask((client, ...rest) => client.listCalls(request, ...rest), options);
  }

  /** Makes every replica read its policy file again; a file that is not valid changes nothing there. Needs admin. */
  reloadPolicy(request: ReloadPolicyRequest = {}, options?: CallOptions): Promise<ReloadPolicyResponse__Output> {
    return this.#line.ask((client, ...rest) => client.reloadPolicy(request, ...rest), options);
  }

  /** Sets how much every replica logs, until its process ends. Needs admin. */
  setLogLevel(request: SetLogLevelRequest = {}, options?: CallOptions): Promise<SetLogLevelResponse__Output> {
    return this.#line.ask((client, ...rest) => client.setLogLevel(request, ...rest), options);
  }

  /** Sets how much every replica logs about one meetup, for a time. Needs operator. */
  setMeetupLogLevel(
    request: SetMeetupLogLevelRequest = {},
    options?: CallOptions,
  ): Promise<SetMeetupLogLevelResponse__Output> {
    return this.#line.ask((client, ...rest) => client.setMeetupLogLevel(request, ...rest), options);
  }

  /** Counts how often the peers of some meetups had to meet anew, as ListSessions and GetSession tell it of each session. Needs viewer. */
  countReconnects(
    request: CountReconnectsRequest = {},
    options?: CallOptions,
  ): Promise<CountReconnectsResponse__Output> {
    return this.#line.ask((client, ...rest) => client.countReconnects(request, ...rest), options);
  }

  /** Ends the connection and what runs over it: streams end without a failure, calls fail with the code `CANCELLED`. So does everything asked later. */
  close(): void {
    this.#line.close();
  }
}
