import { execFileSync } from 'node:child_process';
import { root } from './place.mjs';

/**
 * The software bill of materials of the service, as CycloneDX in JSON: the packages of the lock file. What npm makes up at each run is taken
 * out (a serial number), or the release's (the time, the name, which is that of the folder).
 */
export function billOfMaterials(name, seconds) {
  const args = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only', '--loglevel=error'];
  const made = execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  const { serialNumber: _, ...bill } = JSON.parse(made);
  bill.metadata.timestamp = new Date(seconds * 1000).toISOString();
  bill.metadata.component.name = name;
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}
