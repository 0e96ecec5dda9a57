import { expect } from 'chai';

/** One series of a scrape. */
interface Series {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All series of a metrics port. */
export type Scrape = readonly Series[];

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads a page in Prometheus's text format. */
export async function readScrape(url: string): Promise<Scrape> {
  const response = await fetch(url);
  expect(response.status, url).to.equal(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, metric = '', labels = '', value] = LINE.exec(line) ?? [];
    expect(metric, line).to.not.equal('');
    return {
      metric,
      labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, name, text]) => [name, text])),
      value: Number(value),
    };
  });
}

/** Every label that any series of the metric has. */
export function labelsOf(scrape: Scrape, metric: string): Set<string> {
  const series = scrape.filter((one) => one.metric === metric);
  expect(series.length, `series of ${metric}`).to.be.above(0);
  return new Set(series.flatMap(({ labels }) => Object.keys(labels)));
}

/** The sum of the series of the metric that have these labels; 0 when there is none. */
export function sumOf(scrape: Scrape, metric: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels);
  return scrape
    .filter((one) => one.metric === metric && wanted.every(([name, text]) => one.labels[name] === text))
    .reduce((sum, { value }) => sum + value, 0);
}
