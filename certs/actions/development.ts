import { makeDevelopmentPki } from '../development.js';
import type { Outcome } from './outcome.js';

/** Makes the missing parts of the PKI of `npm start`. */
export async function development(dir: string): Promise<Outcome> {
  const made = await makeDevelopmentPki(dir);
  return { lines: made.length === 0 ? [`${dir} is complete; nothing to make`] : made, json: { dir, made } };
}
