// Renews the revocation list in a ConfigMap when two thirds of its time are over. Run by a CronJob, with the namespace and the name of the ConfigMap:
// `ws-proxy certs` signs, and the API server gets what it signed. What an operator revoked in the ConfigMap stays revoked.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';

const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT_HTTPS: port = '443' } = process.env;
const {
  ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount',
  AUTHORITY = '/etc/ws-proxy/authority',
  WORK = '/work',
} = process.env;
const [namespace, name] = process.argv.slice(2);
const key = 'root.crl.pem';
/** Milliseconds that the API server has to answer. */
const ANSWER_MS = 30_000;

try {
  console.log(await renew());
} catch (error) {
  console.error(`the list in the ConfigMap ${name} is as it was: ${error.message}`);
  process.exitCode = 1;
}

async function renew() {
  copyFileSync(`${AUTHORITY}/tls.crt`, `${WORK}/root.cert.pem`);
  copyFileSync(`${AUTHORITY}/tls.key`, `${WORK}/root.key.pem`);
  const { metadata, data = {} } = JSON.parse(await ask('GET'));
  // A new one in the place of one that got lost would let in again who was on it.
  if (data[key] === undefined)
    throw new Error(`it has no ${key}: put the last one there, or the first: ws-proxy certs crl --sign`);
  const list = `${WORK}/${key}`;
  writeFileSync(list, data[key]);
  execFileSync('ws-proxy', ['certs', 'renew', '--dir', WORK], { stdio: 'inherit' });
  const signed = readFileSync(list, 'utf8');
  if (signed === data[key]) return `the list in the ConfigMap ${name} is not due`;
  // The command signs a first one, with nobody on it, where none is this authority's.
  if (listsIn(signed) > listsIn(data[key]))
    throw new Error(
      `its ${key} has no list of this authority: put the last one there, or the first: ws-proxy certs crl --sign`,
    );
  // Whoever revoked meanwhile changed the version: then this is refused, and the next try begins with their list.
  const { resourceVersion } = metadata;
  await ask('PATCH', JSON.stringify({ metadata: { resourceVersion }, data: { [key]: signed } }));
  return `the ConfigMap ${name} has a new list`;
}

function listsIn(text) {
  return text.split('-----BEGIN X509 CRL-----').length - 1;
}

/** Asks the API server for the ConfigMap, or to change it. Resolves with the body; throws on any answer but 200. */
function ask(method, body) {
  const options = {
    host,
    port,
    method,
    path: `/api/v1/namespaces/${namespace}/configmaps/${name}`,
    ca: readFileSync(`${ACCOUNT}/ca.crt`),
    headers: {
      authorization: `Bearer ${readFileSync(`${ACCOUNT}/token`, 'utf8').trim()}`,
      ...(body !== undefined && { 'content-type': 'application/merge-patch+json' }),
    },
    signal: AbortSignal.timeout(ANSWER_MS),
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part)).once('error', reject);
      answer.once('end', () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`${method} was answered ${answer.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    asked.once('error', reject).end(body);
  });
}
