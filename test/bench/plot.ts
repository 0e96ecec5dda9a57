import type { Curve } from './scenario.js';

const WIDTH = 900;
const HEIGHT = 520;
const LEFT = 80;
const RIGHT = 220;
const TOP = 50;
const BOTTOM = 60;
const COLOURS = ['#0b6e99', '#c4511c', '#3d8b37', '#7b4fa3'];

/** Latency against load as an SVG drawing: both axes logarithmic, p50 drawn through, p99 dashed. */
export function plot(curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const x = scale(
    points.map(({ rate }) => rate),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = scale(
    points.flatMap(({ p50, p99 }) => [p50, p99]),
    HEIGHT - BOTTOM,
    TOP,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="28" font-size="16">Round trip against load, timed from when each request was due</text>`,
    ...decades(x).map((rate) => verticalLine(x.at(rate), label(rate))),
    ...decades(y).map((latency) => horizontalLine(y.at(latency), `${label(latency)} µs`)),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 15}" text-anchor="middle">requests a second</text>`,
    ...curves.flatMap((curve, index) => drawn(curve, index, x, y)),
    '</svg>\n',
  ].join('\n');
}

interface Scale {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}

function scale(values: readonly number[], from: number, to: number): Scale {
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const at = (value: number): number => from + ((to - from) * Math.log10(value / low)) / Math.log10(high / low);
  return { low, high, at };
}

function decades({ low, high }: Scale): readonly number[] {
  const all: number[] = [];
  for (let value = low; value <= high * 1.001; value *= 10) all.push(value);
  return all;
}

function label(value: number): string {
  return value >= 1000 ? `${value / 1000}k` : String(value);
}

function verticalLine(x: number, text: string): string {
  return `<path d="M${x} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/><text x="${x}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${text}</text>`;
}

function horizontalLine(y: number, text: string): string {
  return `<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${text}</text>`;
}

function drawn(curve: Curve, index: number, x: Scale, y: Scale): readonly string[] {
  const colour = COLOURS[index % COLOURS.length];
  const path = (latency: 'p50' | 'p99', dash: string): string => {
    const places = curve.points.map((point) => `${x.at(point.rate).toFixed(1)},${y.at(point[latency]).toFixed(1)}`);
    return `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`;
  };
  const key = TOP + 20 + index * 44;
  return [
    path('p50', ''),
    path('p99', ' stroke-dasharray="6 4"'),
    `<text x="${WIDTH - RIGHT + 16}" y="${key}" fill="${colour}">${curve.name}</text>`,
    `<text x="${WIDTH - RIGHT + 16}" y="${key + 16}" fill="${colour}">— p50   - - p99</text>`,
  ];
}
