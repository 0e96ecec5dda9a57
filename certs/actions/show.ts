import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listWarnings } from '../explain-list.js';
import { CertsFailure, systemCode } from '../failure.js';
import { listPath } from '../lists.js';
import { signLists } from '../revocation.js';
import { showOverview, showSurvey } from '../show.js';
import { type Survey, surveyFile } from '../survey.js';
import type { Outcome } from './outcome.js';
import { findFile } from './target.js';

/** Most files that `certs show` lists. */
const MAX_FILES = 1000;

/** Explains a file, or gives one line for each certificate file of the directory. */
export async function show(file: string | undefined, dir: string): Promise<Outcome> {
  if (file !== undefined) {
    const survey = await surveyFile(await findFile(file, dir), dir);
    return { lines: showSurvey(survey), json: survey, warnings: await listWarnings(dir) };
  }
  const surveys: Survey[] = [];
  for (const path of await certificateFilesIn(dir)) surveys.push(await surveyFile(path, dir));
  return { lines: showOverview(surveys), json: surveys, warnings: await listWarnings(dir) };
}

/** Explains the lists in force, signed anew before when `days` says for how long. */
export async function showLists(dir: string, days: number | undefined): Promise<Outcome> {
  if (days !== undefined) await signLists(dir, days);
  const survey = await surveyFile(await findFile(listPath(dir), dir), dir);
  return { lines: showSurvey(survey), json: survey };
}

async function certificateFilesIn(dir: string): Promise<string[]> {
  try {
    const names = (await readdir(dir)).filter((name) => name.endsWith('.cert.pem')).sort();
    if (names.length > MAX_FILES) throw new CertsFailure(`${dir} has more than ${MAX_FILES} certificates; name a FILE`);
    return names.map((name) => join(dir, name));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new CertsFailure(`${dir} is not there; make it with ws-proxy certs init, or name another --dir`);
  }
}
