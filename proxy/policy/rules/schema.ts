import { z } from 'zod';
import { MAX_NAME_CHARS } from '../../x509/names/distinguished-name.js';
import { MAX_PATTERN_CHARS } from './pattern.js';

/** The form of the policy file, from which the JSON Schema is made. `compile.ts` checks the meaning beyond the form. */

/** Largest policy file, in bytes. */
export const MAX_POLICY_BYTES = 1024 * 1024;
/** Most rules of one section. */
export const MAX_RULES = 5000;
/** Most entries of one list in a rule. */
export const MAX_ENTRIES = 1000;

const name = z
  .string()
  .regex(/^[^\p{C}]{1,80}$/u, '1 to 80 printable characters')
  .describe('Says which rule decided, in answers, logs and the control API. Unique in its section.');

const text = z.string().min(1).max(MAX_NAME_CHARS);
const oneOrMore = <T extends z.ZodType>(entry: T) => z.union([entry, z.array(entry).min(1).max(MAX_ENTRIES)]);

export const distinguishedName = text.describe(
  'A whole name as RFC 4514 text, most specific first, for example "CN=gw-1,O=Acme".',
);
export const fingerprint = z
  .string()
  .regex(/^(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31})$/, '64 hex digits, with or without colons')
  .describe('SHA-256 of the DER certificate, as "openssl x509 -noout -fingerprint -sha256" prints it.');
export const serial = z
  .string()
  .regex(/^(?:[0-9A-Fa-f]{1,64}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){0,31})$/, 'hex digits, with or without colons')
  .describe('Serial number in hex, as "openssl x509 -noout -serial" prints it.');
const pattern = z.string().min(1).max(MAX_PATTERN_CHARS);

const match = z
  .union([
    z.literal('any').describe('Every certificate that the edge verified.'),
    z
      .strictObject({
        subject: z
          .union([
            distinguishedName,
            z
              .record(
                z.string().regex(/^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)$/, 'a type such as CN, O or 2.5.4.97'),
                oneOrMore(z.string().max(MAX_NAME_CHARS)),
              )
              .describe('Attributes: of each type one must have that value, or one of those values.'),
          ])
          .optional(),
        issuer: oneOrMore(distinguishedName).optional(),
        uris: oneOrMore(pattern)
          .describe('A URI SAN must fit one of these, for example "spiffe://acme.example/gateway/{id}".')
          .optional(),
        dns: oneOrMore(pattern)
          .describe('A DNS SAN must fit one of these, for example "{id}.gw.acme.example".')
          .optional(),
        fingerprints: oneOrMore(fingerprint)
          .describe('The certificate must be one of these; list old and new while it is renewed.')
          .optional(),
        serials: oneOrMore(serial)
          .describe('The serial number must be one of these; "issuer" must say whose.')
          .optional(),
      })
      .refine((value) => Object.keys(value).length > 0, 'needs at least one condition, or "any" for every certificate'),
  ])
  .describe('Which certificates: every condition given must hold.');

const limits = z
  .strictObject({
    connections: z.int().min(1).max(1_000_000).describe('Connections of one certificate at one time.').optional(),
    messagesPerSecond: z
      .int()
      .min(1)
      .max(1_000_000)
      .describe('Messages a second that one connection may send.')
      .optional(),
    bytesPerSecond: z
      .int()
      .min(1)
      .max(10_000_000_000)
      .describe('Bytes a second that one connection may send.')
      .optional(),
  })
  .describe('What is left out, the service’s own options decide.');

const rule = z
  .strictObject({
    name,
    match,
    meetups: oneOrMore(pattern).describe('Templates of the meetup ids that this rule is for; one must fit.'),
    bind: z
      .record(
        z.string(),
        z
          .string()
          .regex(
            /^(?:any|serial|fingerprint|(?:subject|uri|dns)\..+)$/,
            'any, subject.TYPE, uri.NAME, dns.NAME, serial or fingerprint',
          ),
      )
      .describe('What each {name} of the templates must be: a value of the certificate, or "any".')
      .optional(),
    effect: z.enum(['allow', 'deny']).describe('allow, unless said otherwise.').optional(),
    role: z
      .enum(['manager', 'gateway', 'any'])
      .describe('The seat; at most one manager and one gateway meet. "any" unless said otherwise.')
      .optional(),
    limits: limits.optional(),
  })
  .describe('The first rule that fits both certificate and meetup id decides.');

const controlRule = z
  .strictObject({
    name,
    match,
    rights: z
      .enum(['viewer', 'operator', 'admin'])
      .describe('viewer: list and watch; operator: kick and block too; admin: everything.'),
    tapBodies: z
      .boolean()
      .describe('May see message bodies in a tap; false unless said otherwise, also for an admin.')
      .optional(),
  })
  .describe('The first rule that fits the certificate decides.');

export const policyDocument = z
  .strictObject({
    version: z.literal(1),
    mode: z
      .enum(['enforce', 'audit'])
      .describe('audit: lets in what would be denied, and logs it. enforce unless said otherwise.')
      .optional(),
    rules: z.array(rule).max(MAX_RULES).describe('Who may sit where. What no rule allows is denied.'),
    control: z
      .array(controlRule)
      .max(MAX_RULES)
      .describe('Who may use the control API. Nobody, unless listed.')
      .optional(),
  })
  .describe('Policy of ws-proxy');

export type PolicyDocument = z.infer<typeof policyDocument>;
export type RuleDocument = z.infer<typeof rule>;
export type ControlRuleDocument = z.infer<typeof controlRule>;
export type MatchDocument = z.infer<typeof match>;
