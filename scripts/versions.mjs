import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './place.mjs';

const OVERLAYS = 'deploy/kubernetes/overlays';
const CHART = 'deploy/helm/ws-proxy/Chart.yaml';
const CHANGELOG = 'CHANGELOG.md';
const NOT_YET = '(not released)';

/** Where the version of the product stands, besides the changelog: a file, and its versions in it. */
function places() {
  const overlays = readdirSync(join(root, OVERLAYS)).map((name) => `${OVERLAYS}/${name}/kustomization.yaml`);
  return [
    ['package.json', /(?<=^ {2}"version": ")[^"]+/gm],
    ['package-lock.json', /(?<="name": "@micronets\/ws-proxy",\n +"version": ")[^"]+/g],
    ...(existsSync(join(root, CHART)) ? [[CHART, /(?<=^(?:version|appVersion): "?)[^\s"]+/gm]] : []),
    ...overlays.map((path) => [path, /(?<=(?:ws-proxy, |matters: )newTag: )[^\s@]+/g]),
  ];
}

/** The version in package.json, and what the changelog says of it; throws a Failure where other files do not agree. */
export function agreedVersion() {
  const { version } = JSON.parse(read('package.json'));
  for (const [path, pattern] of places()) {
    const found = read(path).match(pattern) ?? ['nothing'];
    const other = found.find((one) => one !== version);
    if (other !== undefined) throw new Failure(`${path} says ${other} and package.json ${version}: make them agree`);
  }
  const [first, second] = sections();
  const [section] = [first, second].filter((one) => one?.version === version);
  if (section === undefined) throw new Failure(`${CHANGELOG} has no section ${version} at its head: write it`);
  if (section !== first && first.isReleased) {
    throw new Failure(
      `${CHANGELOG} has ${first.version} as released, and package.json says ${version}: make them agree`,
    );
  }
  return { version, isReleased: section.isReleased, notes: section.text };
}

/** Puts a version into all of them, and makes the section of the changelog that is not released that of the version. */
export function putVersion(version, date) {
  const [first] = sections();
  if (first.isReleased)
    throw new Failure(`the first section of ${CHANGELOG} is released: write one "## X.Y.Z ${NOT_YET}"`);
  for (const [path, pattern] of places()) write(path, read(path).replace(pattern, version));
  write(CHANGELOG, read(CHANGELOG).replace(`## ${first.title}\n`, `## ${version} (${date})\n`));
}

function sections() {
  const [, ...all] = read(CHANGELOG).split(/^## /m);
  return all.map((part) => {
    const [title, text] = part.split(/\n(.*)/s);
    return { title, version: title.split(' ')[0], isReleased: !title.includes(NOT_YET), text: `${text.trim()}\n` };
  });
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

function write(path, text) {
  writeFileSync(join(root, path), text);
}
