import { parentPort, workerData } from 'node:worker_threads';
import { DerFault } from '../../x509/encoding/der.js';
import { openLists } from '../../x509/lists/crl.js';
import { policyJson } from '../rules/compile.js';
import { describeFaults } from '../rules/yaml-document.js';
import { denialKeys } from './deny-list.js';
import type { JobResult, ReadingJob } from './reading-job.js';

/** The thread of `readBeside`: does the one job that it gets, and ends. */
function done(job: ReadingJob): JobResult {
  // A Buffer arrives as the plain bytes that it is a view of.
  const content = Buffer.from(job.content.buffer, job.content.byteOffset, job.content.byteLength);
  if (job.t === 'crl') return lists(content, job);
  if (job.t === 'policy') {
    const read = policyJson(content.toString('utf8'));
    return 'ok' in read ? read : { fault: describeFaults(job.path, read.faults) };
  }
  const read = denialKeys(job.path, content);
  return 'ok' in read ? { ok: JSON.stringify([...read.ok]) } : { fault: read.fault };
}

function lists(content: Buffer, { authorities }: Extract<ReadingJob, { t: 'crl' }>): JobResult {
  try {
    return { ok: openLists(content, authorities) };
  } catch (error) {
    if (error instanceof DerFault) return { fault: error.message };
    throw error;
  }
}

parentPort?.postMessage(done(workerData as ReadingJob));
