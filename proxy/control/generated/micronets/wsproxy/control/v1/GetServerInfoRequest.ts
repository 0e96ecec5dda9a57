// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * Asks what answers here.
 */
export interface GetServerInfoRequest {
}

/**
 * Asks what answers here.
 */
export interface GetServerInfoRequest__Output {
}
