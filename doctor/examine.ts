import { type Check, checks } from './check-table.js';
import { type Finding, type Judgement, notChecked, type View } from './finding.js';
import type { Door } from './look/door.js';
import type { Host } from './look/host.js';

/** Makes every check of a view, one after the other; each look has its own bound of time. A check that breaks is told as not made. */
export async function examineDoor(door: Door): Promise<Finding[]> {
  return examine(door.plan.view, (check) => check[door.plan.view]?.(door));
}

/** The same of this machine. */
export async function examineHost(host: Host): Promise<Finding[]> {
  return examine('host', (check) => check.host?.(host));
}

async function examine(view: View, run: (check: Check) => Promise<Judgement> | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, check] of Object.entries(checks) as [string, Check][]) {
    if (!(view in check)) continue;
    const judgement = await judged(() => run(check));
    if (judgement !== undefined) findings.push({ id: `${view}.${name}`, view, check: name, ...judgement });
  }
  return findings;
}

async function judged(run: () => Promise<Judgement> | undefined): Promise<Judgement | undefined> {
  try {
    return await run();
  } catch (error) {
    return notChecked(`a fault of this command: ${error instanceof Error ? error.message : String(error)}`);
  }
}
