import { z } from 'zod';
import { denyListDocument } from './lists/deny-list.js';
import { policyDocument } from './rules/schema.js';

/** The JSON Schemas that `schema/` ships, by file name; editors check policy files with them. */
export const jsonSchemas: Readonly<Record<string, object>> = {
  'policy.schema.json': z.toJSONSchema(policyDocument),
  'deny-list.schema.json': z.toJSONSchema(denyListDocument),
};
