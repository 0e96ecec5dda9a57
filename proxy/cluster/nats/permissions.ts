import { namesOf } from './subjects.js';

/** What a user of NATS may send to and listen on, as its server's configuration has it. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The permissions of each kind of user of a fleet. */
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

/** The least that the fleet of this name needs. None of them allows to delete or empty a stream. */
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

export type Role = keyof FleetPermissions;

/** Who a user of the fleet is, in words. */
const WHO: Readonly<Record<Role, string>> = {
  replica: 'a replica, where the streams were made by ws-proxy cluster init',
  founder: 'a replica that makes the streams itself where they are missing',
  admin: 'who runs ws-proxy cluster init',
  viewer: 'who runs ws-proxy cluster status',
};

/** Everybody of whom there are permissions. */
export const ROLES = Object.keys(WHO) as readonly Role[];

/** The permissions of one of them as a NATS server's configuration has them. */
export function permissionsText(cluster: string, role: Role): string {
  const { publish, subscribe } = permissionsOf(cluster)[role];
  const list = (subjects: readonly string[]): string => subjects.map((one) => `  "${one}"\n`).join('');
  return [
    `# What a user of NATS may do who is ${WHO[role]}, in the fleet "${cluster}", and nothing else.\n`,
    `# Made by ws-proxy cluster permissions ${role}. In the configuration of NATS: permissions: { include ./${role}.conf }\n`,
    `publish: [\n${list(publish)}]\n`,
    `subscribe: [\n${list(subscribe)}]\n`,
  ].join('');
}
