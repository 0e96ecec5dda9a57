import type { Target } from '../target.js';
import { certificate, crl } from './certificates.js';
import { denyList, option, policy } from './documents.js';
import { forwarded, identity, name } from './identity.js';
import { incoming, json, pairs, target } from './peer-messages.js';
import { controlRequest, filter, pageQuestion, query } from './requests.js';
import { envelope, helloMessage, path } from './wire.js';

/** Code that reads, with nothing round it. */
export const parsers: readonly Target[] = [
  ...[path, helloMessage, envelope],
  ...[name, forwarded, identity, certificate, crl],
  ...[policy, denyList, option],
  ...[filter, controlRequest, pageQuestion, query],
  ...[incoming, target, pairs, json],
];
