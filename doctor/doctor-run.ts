import { EXIT } from '../admin/exit-codes.js';
import type { Terminal } from '../admin/terminal.js';
import { productVersion } from '../proxy/config/version.js';
import type { DoctorFlags } from './command.js';
import { examineDoor, examineHost } from './examine.js';
import { Door } from './look/door.js';
import { Host } from './look/host.js';
import { planDoor } from './plan-door.js';
import { planHost } from './plan-host.js';
import { plansOf, type Wanted } from './plans.js';
import { countOf, reportJson, reportText, type Section } from './report.js';
import { portsOf, runFolder } from './run-folder.js';

/** `doctor`: looks from every view that is wanted, reports, and sets the exit code. Throws AdminFailure for what is not understood. */
export async function doctor(url: string | undefined, flags: DoctorFlags, io: Terminal): Promise<void> {
  const sections: Section[] = [];
  const run = runFolder(io.environment);
  const wanted = plansOf(url, flags, run);
  const ports = await portsOf(run, io.environment, flags.timeout);
  for (const one of wanted) sections.push(await sectionOf(one));
  io.out(flags.output === 'json' ? reportJson(sections, productVersion(), Date.now()) : reportText(sections));
  process.exitCode = countOf(sections).fault > 0 ? EXIT.failed : EXIT.ok;

  async function sectionOf({ view, url: given }: Wanted): Promise<Section> {
    if (view === 'host') {
      const host = new Host(await planHost(flags, run, ports, io.environment));
      return { title: [`host, options ${host.plan.configFrom}`], findings: await examineHost(host) };
    }
    const door = new Door(planDoor(view, given, flags, run, ports, io.environment));
    const { url: dialled, files } = door.plan;
    return {
      title: [`${view} ${dialled}`, `certificate ${files.cert}, CA ${files.ca}`],
      findings: await examineDoor(door),
    };
  }
}
