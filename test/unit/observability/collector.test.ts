import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ROOT } from '../../support/sources.js';

interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

interface Collector {
  readonly receivers: object;
  readonly processors: object;
  readonly exporters: object;
  readonly connectors: object;
  readonly extensions: object;
  readonly service: { readonly extensions: readonly string[]; readonly pipelines: Readonly<Record<string, Pipeline>> };
}

const text = readFileSync(join(ROOT, 'observability/collector.yaml'), 'utf8');
const collector = parse(text) as Collector;
const pipelines = Object.values(collector.service.pipelines);

/** The components of a kind that pipelines use, each once. */
function used(kind: keyof Pipeline): string[] {
  return [...new Set(pipelines.flatMap((pipeline) => pipeline[kind]))].sort();
}

describe('observability/collector.yaml', () => {
  it('defines each component that it uses, and uses each that it defines', () => {
    const connectors = Object.keys(collector.connectors);
    expect(used('receivers')).to.deep.equal([...Object.keys(collector.receivers), ...connectors].sort());
    expect(used('exporters')).to.deep.equal([...Object.keys(collector.exporters), ...connectors].sort());
    expect(used('processors')).to.deep.equal(Object.keys(collector.processors).sort());
    expect([...collector.service.extensions]).to.deep.equal(Object.keys(collector.extensions));
  });

  it('bounds memory before anything else in each pipeline, and batches last', () => {
    for (const [name, { processors, exporters }] of Object.entries(collector.service.pipelines)) {
      expect(processors[0], name).to.equal('memory_limiter');
      // A connector within the process gains nothing from batches.
      if (!exporters.includes('span_metrics')) expect(processors.at(-1), name).to.equal('batch');
    }
  });

  it('names each variable that it reads in its head, with the default', () => {
    const documented = [...text.matchAll(/^# \| ([A-Z_]+) +\| (\S+)/gm)].map(([, name, value]) => `${name}:-${value}`);
    const read = [...text.matchAll(/\$\{env:([^}]+)\}/g)].map(([, one]) => one);
    expect([...new Set(read)].sort()).to.deep.equal(documented.sort());
  });
});
