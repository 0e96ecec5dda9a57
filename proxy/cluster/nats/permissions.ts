import { namesOf } from './subjects.js';

/** What a user of NATS may send to and listen on, as its server's configuration has it. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Who needs what in a fleet. */
export interface FleetPermissions {
  /** A replica, where the streams are made by somebody else. */
  readonly replica: Permissions;
  /** A replica that makes the streams itself where they are missing. */
  readonly founder: Permissions;
  /** `ws-proxy cluster init`: makes and alters the streams, and reads nothing that is in them. */
  readonly admin: Permissions;
  /** `ws-proxy cluster status`: reads, and changes nothing. */
  readonly viewer: Permissions;
}

/** The least that the fleet of this name needs. Nothing of it lets anybody delete or empty a stream. */
export function permissionsOf(cluster: string): FleetPermissions {
  const { claims, blocks, inbox, all } = namesOf(cluster);
  const api = (call: string, stream: string): string => `$JS.API.${call}.${stream}`;
  const answers = `${inbox}.>`;
  const look = [api('STREAM.INFO', claims), api('STREAM.INFO', blocks)];
  const read = [api('DIRECT.GET', claims), api('DIRECT.GET', `${claims}.>`), api('DIRECT.GET', blocks)];
  const make = [api('STREAM.CREATE', claims), api('STREAM.CREATE', blocks)];
  const alter = [api('STREAM.UPDATE', claims), api('STREAM.UPDATE', blocks)];
  const replica = {
    publish: [
      ...(['claim', 'replica', 'block', 'alive'] as const).map(all),
      // The answers to those who ask whether it lives.
      answers,
      ...look,
      ...read,
      api('STREAM.MSG.GET', blocks),
      api('STREAM.MSG.DELETE', claims),
    ],
    subscribe: [all('alive'), answers],
  };
  return {
    replica,
    founder: { ...replica, publish: [...replica.publish, ...make] },
    admin: { publish: [...look, ...make, ...alter], subscribe: [answers] },
    viewer: { publish: [...look, ...read], subscribe: [answers] },
  };
}

/** The same as definitions for a NATS server's configuration, to be included and named by its users. */
export function permissionsText(cluster: string): string {
  const { replica, founder, admin, viewer } = permissionsOf(cluster);
  const prefix = cluster.toUpperCase().replaceAll('-', '_');
  const list = (subjects: readonly string[]): string => subjects.map((one) => `    "${one}"\n`).join('');
  const definition = (name: string, { publish, subscribe }: Permissions): string =>
    `${prefix}_${name}: {\n  publish: [\n${list(publish)}  ]\n  subscribe: [\n${list(subscribe)}  ]\n}\n`;
  return [
    `# What the users of the fleet "${cluster}" may do, and nothing else. Include this file in the configuration of a NATS server, outside of\n`,
    `# every block, and name a definition where a user is: permissions: $${prefix}_REPLICA.\n`,
    `# ws-proxy cluster permissions prints it, for another fleet with --cluster-name.\n\n`,
    '# A replica, where the streams were made by ws-proxy cluster init.\n',
    definition('REPLICA', replica),
    '\n# A replica that makes the streams itself where they are missing.\n',
    definition('FOUNDER', founder),
    '\n# ws-proxy cluster init\n',
    definition('ADMIN', admin),
    '\n# ws-proxy cluster status\n',
    definition('VIEWER', viewer),
  ].join('');
}
