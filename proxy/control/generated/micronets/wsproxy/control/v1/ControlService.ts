// Original file: proto/micronets/wsproxy/control/v1/control_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BlockPeerRequest as _micronets_wsproxy_control_v1_BlockPeerRequest, BlockPeerRequest__Output as _micronets_wsproxy_control_v1_BlockPeerRequest__Output } from '../../../../micronets/wsproxy/control/v1/BlockPeerRequest.js';
import type { BlockPeerResponse as _micronets_wsproxy_control_v1_BlockPeerResponse, BlockPeerResponse__Output as _micronets_wsproxy_control_v1_BlockPeerResponse__Output } from '../../../../micronets/wsproxy/control/v1/BlockPeerResponse.js';
import type { CountReconnectsRequest as _micronets_wsproxy_control_v1_CountReconnectsRequest, CountReconnectsRequest__Output as _micronets_wsproxy_control_v1_CountReconnectsRequest__Output } from '../../../../micronets/wsproxy/control/v1/CountReconnectsRequest.js';
import type { CountReconnectsResponse as _micronets_wsproxy_control_v1_CountReconnectsResponse, CountReconnectsResponse__Output as _micronets_wsproxy_control_v1_CountReconnectsResponse__Output } from '../../../../micronets/wsproxy/control/v1/CountReconnectsResponse.js';
import type { DrainReplicaRequest as _micronets_wsproxy_control_v1_DrainReplicaRequest, DrainReplicaRequest__Output as _micronets_wsproxy_control_v1_DrainReplicaRequest__Output } from '../../../../micronets/wsproxy/control/v1/DrainReplicaRequest.js';
import type { DrainReplicaResponse as _micronets_wsproxy_control_v1_DrainReplicaResponse, DrainReplicaResponse__Output as _micronets_wsproxy_control_v1_DrainReplicaResponse__Output } from '../../../../micronets/wsproxy/control/v1/DrainReplicaResponse.js';
import type { ExplainAccessRequest as _micronets_wsproxy_control_v1_ExplainAccessRequest, ExplainAccessRequest__Output as _micronets_wsproxy_control_v1_ExplainAccessRequest__Output } from '../../../../micronets/wsproxy/control/v1/ExplainAccessRequest.js';
import type { ExplainAccessResponse as _micronets_wsproxy_control_v1_ExplainAccessResponse, ExplainAccessResponse__Output as _micronets_wsproxy_control_v1_ExplainAccessResponse__Output } from '../../../../micronets/wsproxy/control/v1/ExplainAccessResponse.js';
import type { GetDrainRequest as _micronets_wsproxy_control_v1_GetDrainRequest, GetDrainRequest__Output as _micronets_wsproxy_control_v1_GetDrainRequest__Output } from '../../../../micronets/wsproxy/control/v1/GetDrainRequest.js';
import type { GetDrainResponse as _micronets_wsproxy_control_v1_GetDrainResponse, GetDrainResponse__Output as _micronets_wsproxy_control_v1_GetDrainResponse__Output } from '../../../../micronets/wsproxy/control/v1/GetDrainResponse.js';
import type { GetHistoryRequest as _micronets_wsproxy_control_v1_GetHistoryRequest, GetHistoryRequest__Output as _micronets_wsproxy_control_v1_GetHistoryRequest__Output } from '../../../../micronets/wsproxy/control/v1/GetHistoryRequest.js';
import type { GetHistoryResponse as _micronets_wsproxy_control_v1_GetHistoryResponse, GetHistoryResponse__Output as _micronets_wsproxy_control_v1_GetHistoryResponse__Output } from '../../../../micronets/wsproxy/control/v1/GetHistoryResponse.js';
import type { GetServerInfoRequest as _micronets_wsproxy_control_v1_GetServerInfoRequest, GetServerInfoRequest__Output as _micronets_wsproxy_control_v1_GetServerInfoRequest__Output } from '../../../../micronets/wsproxy/control/v1/GetServerInfoRequest.js';
import type { GetServerInfoResponse as _micronets_wsproxy_control_v1_GetServerInfoResponse, GetServerInfoResponse__Output as _micronets_wsproxy_control_v1_GetServerInfoResponse__Output } from '../../../../micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { GetSessionRequest as _micronets_wsproxy_control_v1_GetSessionRequest, GetSessionRequest__Output as _micronets_wsproxy_control_v1_GetSessionRequest__Output } from '../../../../micronets/wsproxy/control/v1/GetSessionRequest.js';
import type { GetSessionResponse as _micronets_wsproxy_control_v1_GetSessionResponse, GetSessionResponse__Output as _micronets_wsproxy_control_v1_GetSessionResponse__Output } from '../../../../micronets/wsproxy/control/v1/GetSessionResponse.js';
import type { KickSessionRequest as _micronets_wsproxy_control_v1_KickSessionRequest, KickSessionRequest__Output as _micronets_wsproxy_control_v1_KickSessionRequest__Output } from '../../../../micronets/wsproxy/control/v1/KickSessionRequest.js';
import type { KickSessionResponse as _micronets_wsproxy_control_v1_KickSessionResponse, KickSessionResponse__Output as _micronets_wsproxy_control_v1_KickSessionResponse__Output } from '../../../../micronets/wsproxy/control/v1/KickSessionResponse.js';
import type { ListBlocksRequest as _micronets_wsproxy_control_v1_ListBlocksRequest, ListBlocksRequest__Output as _micronets_wsproxy_control_v1_ListBlocksRequest__Output } from '../../../../micronets/wsproxy/control/v1/ListBlocksRequest.js';
import type { ListBlocksResponse as _micronets_wsproxy_control_v1_ListBlocksResponse, ListBlocksResponse__Output as _micronets_wsproxy_control_v1_ListBlocksResponse__Output } from '../../../../micronets/wsproxy/control/v1/ListBlocksResponse.js';
import type { ListCallsRequest as _micronets_wsproxy_control_v1_ListCallsRequest, ListCallsRequest__Output as _micronets_wsproxy_control_v1_ListCallsRequest__Output } from '../../../../micronets/wsproxy/control/v1/ListCallsRequest.js';
import type { ListCallsResponse as _micronets_wsproxy_control_v1_ListCallsResponse, ListCallsResponse__Output as _micronets_wsproxy_control_v1_ListCallsResponse__Output } from '../../../../micronets/wsproxy/control/v1/ListCallsResponse.js';
import type { ListRefusalsRequest as _micronets_wsproxy_control_v1_ListRefusalsRequest, ListRefusalsRequest__Output as _micronets_wsproxy_control_v1_ListRefusalsRequest__Output } from '../../../../micronets/wsproxy/control/v1/ListRefusalsRequest.js';
import type { ListRefusalsResponse as _micronets_wsproxy_control_v1_ListRefusalsResponse, ListRefusalsResponse__Output as _micronets_wsproxy_control_v1_ListRefusalsResponse__Output } from '../../../../micronets/wsproxy/control/v1/ListRefusalsResponse.js';
import type { ListSessionsRequest as _micronets_wsproxy_control_v1_ListSessionsRequest, ListSessionsRequest__Output as _micronets_wsproxy_control_v1_ListSessionsRequest__Output } from '../../../../micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse as _micronets_wsproxy_control_v1_ListSessionsResponse, ListSessionsResponse__Output as _micronets_wsproxy_control_v1_ListSessionsResponse__Output } from '../../../../micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { ReloadPolicyRequest as _micronets_wsproxy_control_v1_ReloadPolicyRequest, ReloadPolicyRequest__Output as _micronets_wsproxy_control_v1_ReloadPolicyRequest__Output } from '../../../../micronets/wsproxy/control/v1/ReloadPolicyRequest.js';
import type { ReloadPolicyResponse as _micronets_wsproxy_control_v1_ReloadPolicyResponse, ReloadPolicyResponse__Output as _micronets_wsproxy_control_v1_ReloadPolicyResponse__Output } from '../../../../micronets/wsproxy/control/v1/ReloadPolicyResponse.js';
import type { SetLogLevelRequest as _micronets_wsproxy_control_v1_SetLogLevelRequest, SetLogLevelRequest__Output as _micronets_wsproxy_control_v1_SetLogLevelRequest__Output } from '../../../../micronets/wsproxy/control/v1/SetLogLevelRequest.js';
import type { SetLogLevelResponse as _micronets_wsproxy_control_v1_SetLogLevelResponse, SetLogLevelResponse__Output as _micronets_wsproxy_control_v1_SetLogLevelResponse__Output } from '../../../../micronets/wsproxy/control/v1/SetLogLevelResponse.js';
import type { SetMeetupLogLevelRequest as _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, SetMeetupLogLevelRequest__Output as _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest__Output } from '../../../../micronets/wsproxy/control/v1/SetMeetupLogLevelRequest.js';
import type { SetMeetupLogLevelResponse as _micronets_wsproxy_control_v1_SetMeetupLogLevelResponse, SetMeetupLogLevelResponse__Output as _micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output } from '../../../../micronets/wsproxy/control/v1/SetMeetupLogLevelResponse.js';
import type { TapSessionRequest as _micronets_wsproxy_control_v1_TapSessionRequest, TapSessionRequest__Output as _micronets_wsproxy_control_v1_TapSessionRequest__Output } from '../../../../micronets/wsproxy/control/v1/TapSessionRequest.js';
import type { TapSessionResponse as _micronets_wsproxy_control_v1_TapSessionResponse, TapSessionResponse__Output as _micronets_wsproxy_control_v1_TapSessionResponse__Output } from '../../../../micronets/wsproxy/control/v1/TapSessionResponse.js';
import type { UnblockPeerRequest as _micronets_wsproxy_control_v1_UnblockPeerRequest, UnblockPeerRequest__Output as _micronets_wsproxy_control_v1_UnblockPeerRequest__Output } from '../../../../micronets/wsproxy/control/v1/UnblockPeerRequest.js';
import type { UnblockPeerResponse as _micronets_wsproxy_control_v1_UnblockPeerResponse, UnblockPeerResponse__Output as _micronets_wsproxy_control_v1_UnblockPeerResponse__Output } from '../../../../micronets/wsproxy/control/v1/UnblockPeerResponse.js';
import type { WatchDrainRequest as _micronets_wsproxy_control_v1_WatchDrainRequest, WatchDrainRequest__Output as _micronets_wsproxy_control_v1_WatchDrainRequest__Output } from '../../../../micronets/wsproxy/control/v1/WatchDrainRequest.js';
import type { WatchDrainResponse as _micronets_wsproxy_control_v1_WatchDrainResponse, WatchDrainResponse__Output as _micronets_wsproxy_control_v1_WatchDrainResponse__Output } from '../../../../micronets/wsproxy/control/v1/WatchDrainResponse.js';
import type { WatchHistoryRequest as _micronets_wsproxy_control_v1_WatchHistoryRequest, WatchHistoryRequest__Output as _micronets_wsproxy_control_v1_WatchHistoryRequest__Output } from '../../../../micronets/wsproxy/control/v1/WatchHistoryRequest.js';
import type { WatchHistoryResponse as _micronets_wsproxy_control_v1_WatchHistoryResponse, WatchHistoryResponse__Output as _micronets_wsproxy_control_v1_WatchHistoryResponse__Output } from '../../../../micronets/wsproxy/control/v1/WatchHistoryResponse.js';
import type { WatchSessionsRequest as _micronets_wsproxy_control_v1_WatchSessionsRequest, WatchSessionsRequest__Output as _micronets_wsproxy_control_v1_WatchSessionsRequest__Output } from '../../../../micronets/wsproxy/control/v1/WatchSessionsRequest.js';
import type { WatchSessionsResponse as _micronets_wsproxy_control_v1_WatchSessionsResponse, WatchSessionsResponse__Output as _micronets_wsproxy_control_v1_WatchSessionsResponse__Output } from '../../../../micronets/wsproxy/control/v1/WatchSessionsResponse.js';

/**
 * Sees, watches and steers the sessions of the fleet: one replica, or several that serve together.
 */
export interface ControlServiceClient extends grpc.Client {
  /**
   * Keeps peers out for a time and ends those that are in, with close code 4411. Needs operator.
   */
  BlockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  BlockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  BlockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  BlockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Keeps peers out for a time and ends those that are in, with close code 4411. Needs operator.
   */
  blockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  blockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  blockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  blockPeer(argument: _micronets_wsproxy_control_v1_BlockPeerRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_BlockPeerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Counts how often the peers of some meetups had to meet anew, as ListSessions and GetSession tell it of each session. Needs viewer.
   */
  CountReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  CountReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  CountReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  CountReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Counts how often the peers of some meetups had to meet anew, as ListSessions and GetSession tell it of each session. Needs viewer.
   */
  countReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  countReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  countReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  countReconnects(argument: _micronets_wsproxy_control_v1_CountReconnectsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_CountReconnectsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Makes one replica stop taking sessions, let invocations in flight finish up to a deadline and close in batches with code 1012. Its
   * process goes on answering here. Needs operator.
   */
  DrainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  DrainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  DrainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  DrainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes one replica stop taking sessions, let invocations in flight finish up to a deadline and close in batches with code 1012. Its
   * process goes on answering here. Needs operator.
   */
  drainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  drainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  drainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  drainReplica(argument: _micronets_wsproxy_control_v1_DrainReplicaRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_DrainReplicaResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Says whether someone may sit at a meetup, and why. Needs viewer.
   */
  ExplainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  ExplainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  ExplainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  ExplainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Says whether someone may sit at a meetup, and why. Needs viewer.
   */
  explainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  explainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  explainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  explainAccess(argument: _micronets_wsproxy_control_v1_ExplainAccessRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ExplainAccessResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Says how far a replica's drain is. Needs viewer.
   */
  GetDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  GetDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  GetDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  GetDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Says how far a replica's drain is. Needs viewer.
   */
  getDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  getDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  getDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  getDrain(argument: _micronets_wsproxy_control_v1_GetDrainRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetDrainResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells what is remembered of a meetup, and what is wrong there in words. Needs viewer.
   */
  GetHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  GetHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  GetHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  GetHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells what is remembered of a meetup, and what is wrong there in words. Needs viewer.
   */
  getHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  getHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  getHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  getHistory(argument: _micronets_wsproxy_control_v1_GetHistoryRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetHistoryResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Says what answers here, which replicas serve beside it, and which rights the caller has. Needs viewer.
   */
  GetServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  GetServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Says what answers here, which replicas serve beside it, and which rights the caller has. Needs viewer.
   */
  getServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  getServerInfo(argument: _micronets_wsproxy_control_v1_GetServerInfoRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetServerInfoResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Gets one live session, whichever replica serves it; NOT_FOUND once it has finished. Needs viewer.
   */
  GetSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  GetSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  GetSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  GetSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Gets one live session, whichever replica serves it; NOT_FOUND once it has finished. Needs viewer.
   */
  getSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  getSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  getSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  getSession(argument: _micronets_wsproxy_control_v1_GetSessionRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_GetSessionResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Ends a session or one of its peers with close code 4410, and can keep whom it ended out for a time. Needs operator.
   */
  KickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  KickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  KickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  KickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends a session or one of its peers with close code 4410, and can keep whom it ended out for a time. Needs operator.
   */
  kickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  kickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  kickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  kickSession(argument: _micronets_wsproxy_control_v1_KickSessionRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_KickSessionResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists the blocks in force. Needs viewer.
   */
  ListBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  ListBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  ListBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  ListBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists the blocks in force. Needs viewer.
   */
  listBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  listBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  listBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  listBlocks(argument: _micronets_wsproxy_control_v1_ListBlocksRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListBlocksResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists the calls that are kept; finds one by its trace id. Needs viewer.
   */
  ListCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  ListCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  ListCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  ListCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists the calls that are kept; finds one by its trace id. Needs viewer.
   */
  listCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  listCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  listCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  listCalls(argument: _micronets_wsproxy_control_v1_ListCallsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListCallsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists who was refused, by the service and, where it tells, by the edge's TLS. Needs viewer.
   */
  ListRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  ListRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  ListRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  ListRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists who was refused, by the service and, where it tells, by the edge's TLS. Needs viewer.
   */
  listRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  listRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  listRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  listRefusals(argument: _micronets_wsproxy_control_v1_ListRefusalsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListRefusalsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists the live sessions of all replicas, page by page. Needs viewer.
   */
  ListSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  ListSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  ListSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  ListSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists the live sessions of all replicas, page by page. Needs viewer.
   */
  listSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  listSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  listSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  listSessions(argument: _micronets_wsproxy_control_v1_ListSessionsRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ListSessionsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Makes every replica read its policy file again; a file that is not valid changes nothing there. Needs admin.
   */
  ReloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  ReloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  ReloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  ReloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes every replica read its policy file again; a file that is not valid changes nothing there. Needs admin.
   */
  reloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  reloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  reloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  reloadPolicy(argument: _micronets_wsproxy_control_v1_ReloadPolicyRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sets how much every replica logs, until its process ends. Needs admin.
   */
  SetLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  SetLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  SetLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  SetLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sets how much every replica logs, until its process ends. Needs admin.
   */
  setLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  setLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  setLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  setLogLevel(argument: _micronets_wsproxy_control_v1_SetLogLevelRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetLogLevelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sets how much every replica logs about one meetup, for a time. Needs operator.
   */
  SetMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  SetMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  SetMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  SetMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sets how much every replica logs about one meetup, for a time. Needs operator.
   */
  setMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  setMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  setMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  setMeetupLogLevel(argument: _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sends what is told of each message that a session relays from now on. Needs operator, and for bodies tap-bodies.
   */
  TapSession(argument: _micronets_wsproxy_control_v1_TapSessionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_TapSessionResponse__Output>;
  TapSession(argument: _micronets_wsproxy_control_v1_TapSessionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_TapSessionResponse__Output>;
  /**
   * Sends what is told of each message that a session relays from now on. Needs operator, and for bodies tap-bodies.
   */
  tapSession(argument: _micronets_wsproxy_control_v1_TapSessionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_TapSessionResponse__Output>;
  tapSession(argument: _micronets_wsproxy_control_v1_TapSessionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_TapSessionResponse__Output>;
  
  /**
   * Lifts a block. Needs operator.
   */
  UnblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  UnblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  UnblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  UnblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lifts a block. Needs operator.
   */
  unblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  unblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  unblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  unblockPeer(argument: _micronets_wsproxy_control_v1_UnblockPeerRequest, callback: grpc.requestCallback<_micronets_wsproxy_control_v1_UnblockPeerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sends the progress of a replica's drain until it is done, from before its beginning if need be. Needs viewer.
   */
  WatchDrain(argument: _micronets_wsproxy_control_v1_WatchDrainRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchDrainResponse__Output>;
  WatchDrain(argument: _micronets_wsproxy_control_v1_WatchDrainRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchDrainResponse__Output>;
  /**
   * Sends the progress of a replica's drain until it is done, from before its beginning if need be. Needs viewer.
   */
  watchDrain(argument: _micronets_wsproxy_control_v1_WatchDrainRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchDrainResponse__Output>;
  watchDrain(argument: _micronets_wsproxy_control_v1_WatchDrainRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchDrainResponse__Output>;
  
  /**
   * Sends what happens from now on: who comes, is refused, meets and goes, and calls as far as they are kept. Needs viewer.
   */
  WatchHistory(argument: _micronets_wsproxy_control_v1_WatchHistoryRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchHistoryResponse__Output>;
  WatchHistory(argument: _micronets_wsproxy_control_v1_WatchHistoryRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchHistoryResponse__Output>;
  /**
   * Sends what happens from now on: who comes, is refused, meets and goes, and calls as far as they are kept. Needs viewer.
   */
  watchHistory(argument: _micronets_wsproxy_control_v1_WatchHistoryRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchHistoryResponse__Output>;
  watchHistory(argument: _micronets_wsproxy_control_v1_WatchHistoryRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchHistoryResponse__Output>;
  
  /**
   * Sends the live sessions of all replicas, then every change. Needs viewer.
   */
  WatchSessions(argument: _micronets_wsproxy_control_v1_WatchSessionsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchSessionsResponse__Output>;
  WatchSessions(argument: _micronets_wsproxy_control_v1_WatchSessionsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchSessionsResponse__Output>;
  /**
   * Sends the live sessions of all replicas, then every change. Needs viewer.
   */
  watchSessions(argument: _micronets_wsproxy_control_v1_WatchSessionsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchSessionsResponse__Output>;
  watchSessions(argument: _micronets_wsproxy_control_v1_WatchSessionsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_micronets_wsproxy_control_v1_WatchSessionsResponse__Output>;
  
}

/**
 * Sees, watches and steers the sessions of the fleet: one replica, or several that serve together.
 */
export interface ControlServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Keeps peers out for a time and ends those that are in, with close code 4411. Needs operator.
   */
  BlockPeer: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_BlockPeerRequest__Output, _micronets_wsproxy_control_v1_BlockPeerResponse>;
  
  /**
   * Counts how often the peers of some meetups had to meet anew, as ListSessions and GetSession tell it of each session. Needs viewer.
   */
  CountReconnects: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_CountReconnectsRequest__Output, _micronets_wsproxy_control_v1_CountReconnectsResponse>;
  
  /**
   * Makes one replica stop taking sessions, let invocations in flight finish up to a deadline and close in batches with code 1012. Its
   * process goes on answering here. Needs operator.
   */
  DrainReplica: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_DrainReplicaRequest__Output, _micronets_wsproxy_control_v1_DrainReplicaResponse>;
  
  /**
   * Says whether someone may sit at a meetup, and why. Needs viewer.
   */
  ExplainAccess: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_ExplainAccessRequest__Output, _micronets_wsproxy_control_v1_ExplainAccessResponse>;
  
  /**
   * Says how far a replica's drain is. Needs viewer.
   */
  GetDrain: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_GetDrainRequest__Output, _micronets_wsproxy_control_v1_GetDrainResponse>;
  
  /**
   * Tells what is remembered of a meetup, and what is wrong there in words. Needs viewer.
   */
  GetHistory: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_GetHistoryRequest__Output, _micronets_wsproxy_control_v1_GetHistoryResponse>;
  
  /**
   * Says what answers here, which replicas serve beside it, and which rights the caller has. Needs viewer.
   */
  GetServerInfo: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_GetServerInfoRequest__Output, _micronets_wsproxy_control_v1_GetServerInfoResponse>;
  
  /**
   * Gets one live session, whichever replica serves it; NOT_FOUND once it has finished. Needs viewer.
   */
  GetSession: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_GetSessionRequest__Output, _micronets_wsproxy_control_v1_GetSessionResponse>;
  
  /**
   * Ends a session or one of its peers with close code 4410, and can keep whom it ended out for a time. Needs operator.
   */
  KickSession: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_KickSessionRequest__Output, _micronets_wsproxy_control_v1_KickSessionResponse>;
  
  /**
   * Lists the blocks in force. Needs viewer.
   */
  ListBlocks: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_ListBlocksRequest__Output, _micronets_wsproxy_control_v1_ListBlocksResponse>;
  
  /**
   * Lists the calls that are kept; finds one by its trace id. Needs viewer.
   */
  ListCalls: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_ListCallsRequest__Output, _micronets_wsproxy_control_v1_ListCallsResponse>;
  
  /**
   * Lists who was refused, by the service and, where it tells, by the edge's TLS. Needs viewer.
   */
  ListRefusals: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_ListRefusalsRequest__Output, _micronets_wsproxy_control_v1_ListRefusalsResponse>;
  
  /**
   * Lists the live sessions of all replicas, page by page. Needs viewer.
   */
  ListSessions: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_ListSessionsRequest__Output, _micronets_wsproxy_control_v1_ListSessionsResponse>;
  
  /**
   * Makes every replica read its policy file again; a file that is not valid changes nothing there. Needs admin.
   */
  ReloadPolicy: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_ReloadPolicyRequest__Output, _micronets_wsproxy_control_v1_ReloadPolicyResponse>;
  
  /**
   * Sets how much every replica logs, until its process ends. Needs admin.
   */
  SetLogLevel: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_SetLogLevelRequest__Output, _micronets_wsproxy_control_v1_SetLogLevelResponse>;
  
  /**
   * Sets how much every replica logs about one meetup, for a time. Needs operator.
   */
  SetMeetupLogLevel: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_SetMeetupLogLevelRequest__Output, _micronets_wsproxy_control_v1_SetMeetupLogLevelResponse>;
  
  /**
   * Sends what is told of each message that a session relays from now on. Needs operator, and for bodies tap-bodies.
   */
  TapSession: grpc.handleServerStreamingCall<_micronets_wsproxy_control_v1_TapSessionRequest__Output, _micronets_wsproxy_control_v1_TapSessionResponse>;
  
  /**
   * Lifts a block. Needs operator.
   */
  UnblockPeer: grpc.handleUnaryCall<_micronets_wsproxy_control_v1_UnblockPeerRequest__Output, _micronets_wsproxy_control_v1_UnblockPeerResponse>;
  
  /**
   * Sends the progress of a replica's drain until it is done, from before its beginning if need be. Needs viewer.
   */
  WatchDrain: grpc.handleServerStreamingCall<_micronets_wsproxy_control_v1_WatchDrainRequest__Output, _micronets_wsproxy_control_v1_WatchDrainResponse>;
  
  /**
   * Sends what happens from now on: who comes, is refused, meets and goes, and calls as far as they are kept. Needs viewer.
   */
  WatchHistory: grpc.handleServerStreamingCall<_micronets_wsproxy_control_v1_WatchHistoryRequest__Output, _micronets_wsproxy_control_v1_WatchHistoryResponse>;
  
  /**
   * Sends the live sessions of all replicas, then every change. Needs viewer.
   */
  WatchSessions: grpc.handleServerStreamingCall<_micronets_wsproxy_control_v1_WatchSessionsRequest__Output, _micronets_wsproxy_control_v1_WatchSessionsResponse>;
  
}

export interface ControlServiceDefinition extends grpc.ServiceDefinition {
  BlockPeer: MethodDefinition<_micronets_wsproxy_control_v1_BlockPeerRequest, _micronets_wsproxy_control_v1_BlockPeerResponse, _micronets_wsproxy_control_v1_BlockPeerRequest__Output, _micronets_wsproxy_control_v1_BlockPeerResponse__Output>
  CountReconnects: MethodDefinition<_micronets_wsproxy_control_v1_CountReconnectsRequest, _micronets_wsproxy_control_v1_CountReconnectsResponse, _micronets_wsproxy_control_v1_CountReconnectsRequest__Output, _micronets_wsproxy_control_v1_CountReconnectsResponse__Output>
  DrainReplica: MethodDefinition<_micronets_wsproxy_control_v1_DrainReplicaRequest, _micronets_wsproxy_control_v1_DrainReplicaResponse, _micronets_wsproxy_control_v1_DrainReplicaRequest__Output, _micronets_wsproxy_control_v1_DrainReplicaResponse__Output>
  ExplainAccess: MethodDefinition<_micronets_wsproxy_control_v1_ExplainAccessRequest, _micronets_wsproxy_control_v1_ExplainAccessResponse, _micronets_wsproxy_control_v1_ExplainAccessRequest__Output, _micronets_wsproxy_control_v1_ExplainAccessResponse__Output>
  GetDrain: MethodDefinition<_micronets_wsproxy_control_v1_GetDrainRequest, _micronets_wsproxy_control_v1_GetDrainResponse, _micronets_wsproxy_control_v1_GetDrainRequest__Output, _micronets_wsproxy_control_v1_GetDrainResponse__Output>
  GetHistory: MethodDefinition<_micronets_wsproxy_control_v1_GetHistoryRequest, _micronets_wsproxy_control_v1_GetHistoryResponse, _micronets_wsproxy_control_v1_GetHistoryRequest__Output, _micronets_wsproxy_control_v1_GetHistoryResponse__Output>
  GetServerInfo: MethodDefinition<_micronets_wsproxy_control_v1_GetServerInfoRequest, _micronets_wsproxy_control_v1_GetServerInfoResponse, _micronets_wsproxy_control_v1_GetServerInfoRequest__Output, _micronets_wsproxy_control_v1_GetServerInfoResponse__Output>
  GetSession: MethodDefinition<_micronets_wsproxy_control_v1_GetSessionRequest, _micronets_wsproxy_control_v1_GetSessionResponse, _micronets_wsproxy_control_v1_GetSessionRequest__Output, _micronets_wsproxy_control_v1_GetSessionResponse__Output>
  KickSession: MethodDefinition<_micronets_wsproxy_control_v1_KickSessionRequest, _micronets_wsproxy_control_v1_KickSessionResponse, _micronets_wsproxy_control_v1_KickSessionRequest__Output, _micronets_wsproxy_control_v1_KickSessionResponse__Output>
  ListBlocks: MethodDefinition<_micronets_wsproxy_control_v1_ListBlocksRequest, _micronets_wsproxy_control_v1_ListBlocksResponse, _micronets_wsproxy_control_v1_ListBlocksRequest__Output, _micronets_wsproxy_control_v1_ListBlocksResponse__Output>
  ListCalls: MethodDefinition<_micronets_wsproxy_control_v1_ListCallsRequest, _micronets_wsproxy_control_v1_ListCallsResponse, _micronets_wsproxy_control_v1_ListCallsRequest__Output, _micronets_wsproxy_control_v1_ListCallsResponse__Output>
  ListRefusals: MethodDefinition<_micronets_wsproxy_control_v1_ListRefusalsRequest, _micronets_wsproxy_control_v1_ListRefusalsResponse, _micronets_wsproxy_control_v1_ListRefusalsRequest__Output, _micronets_wsproxy_control_v1_ListRefusalsResponse__Output>
  ListSessions: MethodDefinition<_micronets_wsproxy_control_v1_ListSessionsRequest, _micronets_wsproxy_control_v1_ListSessionsResponse, _micronets_wsproxy_control_v1_ListSessionsRequest__Output, _micronets_wsproxy_control_v1_ListSessionsResponse__Output>
  ReloadPolicy: MethodDefinition<_micronets_wsproxy_control_v1_ReloadPolicyRequest, _micronets_wsproxy_control_v1_ReloadPolicyResponse, _micronets_wsproxy_control_v1_ReloadPolicyRequest__Output, _micronets_wsproxy_control_v1_ReloadPolicyResponse__Output>
  SetLogLevel: MethodDefinition<_micronets_wsproxy_control_v1_SetLogLevelRequest, _micronets_wsproxy_control_v1_SetLogLevelResponse, _micronets_wsproxy_control_v1_SetLogLevelRequest__Output, _micronets_wsproxy_control_v1_SetLogLevelResponse__Output>
  SetMeetupLogLevel: MethodDefinition<_micronets_wsproxy_control_v1_SetMeetupLogLevelRequest, _micronets_wsproxy_control_v1_SetMeetupLogLevelResponse, _micronets_wsproxy_control_v1_SetMeetupLogLevelRequest__Output, _micronets_wsproxy_control_v1_SetMeetupLogLevelResponse__Output>
  TapSession: MethodDefinition<_micronets_wsproxy_control_v1_TapSessionRequest, _micronets_wsproxy_control_v1_TapSessionResponse, _micronets_wsproxy_control_v1_TapSessionRequest__Output, _micronets_wsproxy_control_v1_TapSessionResponse__Output>
  UnblockPeer: MethodDefinition<_micronets_wsproxy_control_v1_UnblockPeerRequest, _micronets_wsproxy_control_v1_UnblockPeerResponse, _micronets_wsproxy_control_v1_UnblockPeerRequest__Output, _micronets_wsproxy_control_v1_UnblockPeerResponse__Output>
  WatchDrain: MethodDefinition<_micronets_wsproxy_control_v1_WatchDrainRequest, _micronets_wsproxy_control_v1_WatchDrainResponse, _micronets_wsproxy_control_v1_WatchDrainRequest__Output, _micronets_wsproxy_control_v1_WatchDrainResponse__Output>
  WatchHistory: MethodDefinition<_micronets_wsproxy_control_v1_WatchHistoryRequest, _micronets_wsproxy_control_v1_WatchHistoryResponse, _micronets_wsproxy_control_v1_WatchHistoryRequest__Output, _micronets_wsproxy_control_v1_WatchHistoryResponse__Output>
  WatchSessions: MethodDefinition<_micronets_wsproxy_control_v1_WatchSessionsRequest, _micronets_wsproxy_control_v1_WatchSessionsResponse, _micronets_wsproxy_control_v1_WatchSessionsRequest__Output, _micronets_wsproxy_control_v1_WatchSessionsResponse__Output>
}
