/** Words of several grammars. */
export const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\u0022',
  '\\"',
  'true',
  'false',
  'null',
  '1e5',
  '-0',
  '{}',
];
export const ENVELOPE_WORDS = [
  ...['"message":{', '"messageId":', '"messageType":"REST:REQUEST"', '"messageType":"REST:RESPONSE"', '"CONN:HELLO"'],
  ...['"requiresResponse":true', '"inResponseTo":', '"statusCode":200', '"method":"GET"', '"path":"/a"', '"headers":['],
  ...['"queryStrings":[', '{"name":"a","value":"b"}', '"messageBody":', '"peerClass":"a"', '"peerId":"b"', '\\u006d'],
  ...JSON_WORDS,
];
export const NAME_WORDS = ['CN=', ',O=', '+', '\\2c', '\\,', '#0401', '1.2.3=', '\\20', 'x-y1=', 'C=US', '\\ '];
export const HTTP_WORDS = [
  ...[
    'GET ',
    'POST ',
    'CONNECT ',
    'OPTIONS * ',
    ' HTTP/1.1\r\n',
    ' HTTP/1.0\r\n',
    '\r\n\r\n',
    '\r\n',
    'Host: localhost\r\n',
  ],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 0\r\n',
    'Content-Length: 5\r\n',
    'Connection: close\r\n',
    '0\r\n\r\n',
  ],
  ...[
    'Connection: Upgrade\r\nUpgrade: websocket\r\n',
    'Expect: 100-continue\r\n',
    'http://127.0.0.1:1/',
    '//host/',
    'TRACE ',
  ],
  ...[
    'Origin: null\r\n',
    'Sec-WebSocket-Version: 13\r\n',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
    '5\r\nhello\r\n',
  ],
  ...['Upgrade: h2c\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'Content-Type: application/json\r\n', ' folded: x\r\n'],
];
export const IDENTITY_WORDS = [
  ...['x-peer-subject: ', 'x-peer-issuer: ', 'x-peer-serial: 1', 'x-peer-fingerprint: ', 'x-peer-not-after: 9'],
  ...[
    'x-forwarded-client-cert: [{"hash":"',
    '","subject":"CN=admin"}]',
    'x_peer_subject: CN=admin',
    'X-Forwarded-For: a',
  ],
];
