import { jsonCalls, messageNamed } from '../calls.js';
import { commentsIn } from './comments.js';
import { Components } from './components.js';
import type { Schema } from './field-schema.js';
import { describedCall } from './operation.js';

const DESCRIPTION = `Who meets whom, live, on every replica, and the means to steer it. Made of the contract in protobuf, where it is the service
\`micronets.wsproxy.control.v1.ControlService\`.

Requests are read strictly: a field that is not known, is there twice or is of another type is refused with its name, and nothing is done. Fields may be written
as in the contract (\`peer_uid\`), too; \`null\` is a field that is left out. An answer may have more fields than are known here, as the contract grows.

A stream is \`application/x-ndjson\`, and the schema is that of one line. One that fails after its beginning ends with a line that has \`error\` alone.`;

/** Makes the OpenAPI 3.1 document of the control API's JSON form. `image` is the descriptor image with the comments of the contract. */
export function openApiOf(image: Uint8Array): Schema {
  const components = new Components(commentsIn(image));
  const paths: Record<string, Record<string, Schema>> = {};
  for (const { path, verb, operation } of jsonCalls.map((call) => describedCall(call, components))) {
    paths[path] = { ...paths[path], [verb]: operation };
  }
  const failure = components.answer(messageNamed('google.rpc.Status'));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control API of ws-proxy',
      version: 'v1',
      description: DESCRIPTION.replace(/(?<!\n)\n(?!\n)/g, ' '),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{host}:{port}',
        description: 'The control listener of any Envoy.',
        variables: { host: { default: 'localhost' }, port: { default: '5051' } },
      },
    ],
    security: [{ clientCertificate: [] }],
    paths,
    components: {
      securitySchemes: {
        clientCertificate: {
          type: 'mutualTLS',
          description:
            'A client certificate, to which the policy file gives rights: viewer, operator, admin, and tap-bodies.',
        },
      },
      responses: {
        Failure: {
          description: 'The call failed. The HTTP status is that of the code of gRPC, 405 or 413.',
          content: { 'application/json': { schema: failure } },
        },
      },
      schemas: { ...components.schemas, StreamFailure: streamFailure(failure) },
    },
  };
}

function streamFailure(failure: Schema): Schema {
  return {
    type: 'object',
    description: 'The last line of a stream that failed after its beginning.',
    properties: { error: failure },
    required: ['error'],
  };
}
