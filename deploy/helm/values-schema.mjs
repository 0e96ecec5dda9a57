import { Command } from 'commander';
import { register } from '../../dist/envoy/command.js';
import { flagOf, options } from '../../dist/proxy/config/options.js';
import { jsonSchemas } from '../../dist/proxy/policy/json-schema.js';

/** Options of the service that the templates set themselves. */
const OWN_OPTIONS =
  /^(?:listen|control-listen|path-prefix|replica|metrics-(?:host|port)|tls-.*|policy|crl.*|drain-deadline|nats.*|cluster-name|hop-(?:listen|cert|key|ca|name)|advertise)$/;
/** Flags of `envoy render` that may be changed. Where the files and ports are, the templates say. */
const ENVOY_FLAGS = [
  'address',
  'stats-names',
  'max-connections',
  'handshake-timeout',
  'proxy-protocol',
  'no-control-json',
];

const text = (description) => ({ type: 'string', ...(description !== undefined && { description }) });
const matching = (pattern, description) => ({ ...text(description), pattern });
const flag = { type: 'boolean' };
const count = (minimum, maximum) => ({ type: 'integer', minimum, ...(maximum !== undefined && { maximum }) });
const texts = (pattern) => ({ type: 'array', items: pattern === undefined ? text() : matching(pattern) });
const labels = { type: 'object', additionalProperties: { type: 'string' } };
/** Given on as it is: the API server knows what it may be. */
const objects = { type: 'array', items: { type: 'object' } };
const object = (properties) => ({ type: 'object', additionalProperties: false, properties });

const NAME = '^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)?$';
const HOST = '^(?:\\*\\.)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$';
/** As cert-manager and the Prometheus operator write it. */
const DURATION = '^(?:[0-9]+(?:ms|s|m|h))+$';
const port = count(1, 65_535);
const seconds = count(0, 86_400);
const name = matching(NAME, 'Name of an object in the namespace of the release.');
const image = object({
  repository: matching('^[^\\s:@]+(?::[0-9]+/[^\\s:@]+)?$', 'Without tag.'),
  tag: matching('^[\\w.-]*$'),
  digest: matching('^(?:sha256:[0-9a-f]{64})?$'),
  pullPolicy: { enum: ['', 'Always', 'IfNotPresent', 'Never'] },
});
const resources = object({ requests: { type: 'object' }, limits: { type: 'object' }, claims: { type: 'array' } });
const service = object({
  type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
  port,
  annotations: labels,
  externalTrafficPolicy: { enum: ['', 'Local', 'Cluster'] },
  loadBalancerClass: text(),
  loadBalancerSourceRanges: texts('^[0-9A-Fa-f.:]+/[0-9]+$'),
});
const { $schema: _, ...policy } = jsonSchemas['policy.schema.json'];
/** Without what it needs: empty, it is none. */
const { properties: denials } = jsonSchemas['deny-list.schema.json'];

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...object({
    global: { type: 'object', description: 'Of a chart that has this one as a part; not read.' },
    nameOverride: name,
    fullnameOverride: name,
    replicas: { type: ['integer', 'null'], minimum: 1, maximum: 1000 },
    image,
    imagePullSecrets: objects,
    options: object(Object.fromEntries(Object.keys(options).filter(isFree).map(optionProperty))),
    pathPrefix: matching('^/(?:\\S+/)?$'),
    otlpEndpoint: matching('^(?:https?://\\S+)?$'),
    extraEnv: objects,
    resources,
    envoy: object({ image, flags: object(envoyFlags()), resources }),
    policy: object({ existingConfigMap: name, document: policy, denyList: object(denials) }),
    tls: object({
      existingSecret: name,
      certManager: object({
        enabled: flag,
        dnsNames: texts(HOST),
        issuerRef: object({ group: text(), kind: { enum: ['Issuer', 'ClusterIssuer'] }, name }),
        duration: matching(DURATION),
        renewBefore: matching(DURATION),
      }),
    }),
    trust: object({
      existingConfigMap: name,
      authority: object({ existingSecret: name, key: matching('^[-._a-zA-Z0-9]*$') }),
      revocation: object({
        enabled: flag,
        existingConfigMap: name,
        renew: object({
          enabled: flag,
          authoritySecret: name,
          schedule: matching('^(?:@[a-z]+|\\S+(?: +\\S+){4})$'),
          apiPorts: { type: 'array', items: port, minItems: 1 },
        }),
      }),
    }),
    drain: object({ preStopSeconds: seconds, deadlineSeconds: { ...seconds, maximum: 3600 }, marginSeconds: seconds }),
    fleet: object({
      enabled: flag,
      listen: matching(':7443$'),
      advertise: matching(':7443$'),
      hop: object({ existingSecret: name, name: matching(`^(?:${HOST.slice(1, -1)})?$`) }),
      certManager: object({ enabled: flag }),
      nats: object({
        enabled: flag,
        existingSecret: name,
        image,
        storage: object({
          size: matching('^[1-9][0-9]*(?:\\.[0-9]+)?(?:k|[MGTPE]|[KMGTPE]i)$'),
          storageClassName: text(),
        }),
        urls: texts('^(?:nats|tls)://[^/?#@,\\s]+:[0-9]+$'),
        replicas: { enum: [1, 3, 5] },
        tlsSecret: name,
        clientCertificate: flag,
        credentialsSecret: name,
        clusterName: matching('^(?:[a-z][a-z0-9-]{0,31})?$'),
        peers: objects,
      }),
    }),
    minReadySeconds: seconds,
    disruptionBudget: object({
      enabled: flag,
      maxUnavailable: { anyOf: [count(1), matching('^[1-9][0-9]?%$')] },
    }),
    topologySpreadConstraints: objects,
    nodeSelector: labels,
    tolerations: objects,
    affinity: { type: 'object' },
    priorityClassName: text(),
    podLabels: { ...labels, propertyNames: { not: { pattern: '^app\\.kubernetes\\.io/(?:name|instance|part-of)$' } } },
    podAnnotations: labels,
    serviceAccount: object({ create: flag, name, annotations: labels }),
    services: object({ peers: service, control: service }),
    tlsRoute: object({
      apiVersion: matching('^gateway\\.networking\\.k8s\\.io/v1(?:alpha[23])?$'),
      parentRefs: objects,
      peers: object({ hostnames: texts(HOST), parentRefs: objects }),
      control: object({ hostnames: texts(HOST), parentRefs: objects }),
    }),
    networkPolicy: object({
      enabled: flag,
      dnsNamespace: name,
      monitoringNamespace: name,
      collectorNamespace: name,
      operatorLabels: labels,
      peersFrom: objects,
      extraIngress: objects,
      extraEgress: objects,
    }),
    monitoring: object({
      serviceMonitor: object({
        enabled: flag,
        labels,
        interval: matching(DURATION),
        scrapeTimeout: matching(DURATION),
      }),
      rules: object({ enabled: flag, labels, runbooks: matching('^\\S+$') }),
      dashboards: object({ enabled: flag, labels, annotations: labels }),
    }),
  }),
};

/** The schema of values.yaml: what Helm says of values that are not of it is what a user reads. `values`: those that there are. */
export function valuesSchema(values) {
  return needing(JSON.parse(JSON.stringify(schema), readableByGo), values);
}

/** The schema, in which nothing that values.yaml has may be taken away by a null: the templates count on it. */
function needing(part, values) {
  const { properties, additionalProperties } = part;
  // A part that says itself what it needs is another's schema.
  if (additionalProperties !== false || properties === undefined || part.required !== undefined) return part;
  if (values === undefined) return part;
  const below = Object.entries(properties).map(([key, one]) => [key, needing(one, values[key])]);
  const mayBeNull = (key) => [properties[key].type].flat().includes('null');
  const required = Object.keys(values).filter((key) => key in properties && !mayBeNull(key));
  return { ...part, properties: Object.fromEntries(below), ...(required.length > 0 && { required }) };
}

/** Helm reads patterns as Go does, which counts to 1000: above that the service alone looks. */
function readableByGo(key, value) {
  const isPattern = key === 'pattern' && typeof value === 'string';
  return isPattern ? value.replaceAll(/\{(\d+),\d{4,}\}/g, '{$1,}') : value;
}

function isFree(key) {
  return !OWN_OPTIONS.test(flagOf(key));
}

/** One option of the service, in the forms that its YAML file has. */
function optionProperty(key) {
  const { kind, min, max, choices, help } = options[key];
  const forms = {
    count: { type: 'integer', minimum: min, maximum: max },
    duration: matching('^(?:[0-9]+(?:\\.[0-9]+)?(?:ms|s|m|h|d))+$'),
    bytes: {
      type: ['string', 'integer'],
      pattern: '^[0-9]+(?:\\.[0-9]+)?(?:B|KiB|MiB|GiB)?$',
      minimum: min,
      maximum: max,
    },
    flag,
    choice: { enum: choices },
    list: { type: ['string', 'array'], items: { type: 'string' } },
    text: { type: 'string', minLength: 1 },
  };
  const form = Object.entries(forms[kind] ?? text()).filter(([, value]) => value !== undefined);
  return [flagOf(key), { ...Object.fromEntries(form), description: help }];
}

function envoyFlags() {
  const program = new Command();
  register(program);
  const [envoy] = program.commands;
  const { options: flags } = envoy.commands.find((command) => command.name() === 'render');
  return Object.fromEntries(
    ENVOY_FLAGS.map((long) => {
      const { description, required: hasValue } = flags.find((one) => one.long === `--${long}`);
      const form = hasValue ? { type: ['string', 'integer'], pattern: "^[^'\\s]+$" } : flag;
      return [long, { ...form, description }];
    }),
  );
}
