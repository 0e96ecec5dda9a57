/** What passes as the id of a request (`x-request-id`): Envoy makes a UUID. */
export const REQUEST_ID = /^[\w.-]{1,64}$/;
