/** How the headers between replicas begin. The edge drops every header of clients that begins with `x-ws-`. */
export const HOP_FAMILY = 'x-ws-proxy-';
/** Incarnation of the replica on which a client landed, and which hands its upgrade on, or makes its call. */
export const HOP_HEADER = 'x-ws-proxy-hop';
/** Incarnation of the replica that is expected to answer. */
export const OWNER_HEADER = 'x-ws-proxy-owner';
/** Incarnation of the replica that answers `misdirected`. */
export const INCARNATION_HEADER = 'x-ws-proxy-incarnation';
/** Of a call about a block: the store's number of the change that is to be in force. */
export const BLOCK_HEADER = 'x-ws-proxy-block';
