import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createLogger } from '../../../proxy/telemetry/logs/logger.js';
import { AuditLogError, openAudit } from '../../../proxy/telemetry/logs/open-audit.js';
import { FakeClock } from '../../support/fake-clock.js';
import { Scratch } from '../../support/scratch.js';

describe('telemetry: opening the audit log', () => {
  const scratch = new Scratch();
  const quiet = createLogger('silent', { write: () => {} });
  after(() => scratch.remove());

  it('makes the file, in a folder that is there', async () => {
    const file = openAudit(scratch.path('audit.log'), new FakeClock(), quiet);
    file.write('{}\n');
    await file.close();
    expect(readFileSync(scratch.path('audit.log'), 'utf8')).to.equal('{}\n');
  });

  it('names a folder that is missing', () => {
    const path = scratch.path('none/audit.log');
    const open = () => openAudit(path, new FakeClock(), quiet);
    expect(open).to.throw(AuditLogError, `--audit-log ${path}: its folder does not exist: make it first`);
  });
});
