import type { Tab } from './browser-tab.js';

/** What can be said of a picture without an eye. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  /** Number of different colours. */
  readonly colours: number;
  /** Part of all points whose colour is far from grey, 0 to 1. */
  readonly colourful: number;
}

/** Least difference between the strongest and the weakest of red, green and blue that is no grey, of 255. */
const FAR = 40;

/** Reads a PNG in that tab, whose page must allow images from data. */
export function factsOf(tab: Tab, png: Buffer): Promise<PictureFacts> {
  return tab.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const points = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
    let far = 0;
    for (const point of points) {
      const parts = [point & 255, (point >> 8) & 255, (point >> 16) & 255];
      if (Math.max(...parts) - Math.min(...parts) > ${FAR}) far += 1;
    }
    return { width, height, colours: new Set(points).size, colourful: far / points.length };
  })()`);
}

/** What of a page cannot be reached or read in a window of its width: empty where all can. */
export function layoutFaults(tab: Tab, leastTarget: number): Promise<string[]> {
  return tab.evaluate(`(() => {
    const wide = document.documentElement.clientWidth;
    const faults = [];
    if (document.documentElement.scrollWidth > wide) faults.push('the page is ' + document.documentElement.scrollWidth + ' wide');
    const said = (one) => one.tagName + '#' + one.id + '.' + one.className + ' "' + (one.textContent ?? '').slice(0, 30) + '"';
    const isClipped = (one) => {
      for (let box = one.parentElement; box !== null; box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== 'visible' && box !== document.body) return box.getBoundingClientRect().right <= wide + 1;
      }
      return false;
    };
    for (const one of document.querySelectorAll('button, input, select, summary, a, h1, h2, h3, p, td, dd, li')) {
      const { left, right, width, height } = one.getBoundingClientRect();
      if (width === 0 || height === 0 || one.closest('.hidden, .skip') !== null) continue;
      if (left < 0 || (right > wide + 1 && !isClipped(one))) faults.push(said(one) + ' is from ' + Math.round(left) + ' to ' + Math.round(right));
      if (one.matches('button, input, select, summary, a') && height < ${leastTarget}) faults.push(said(one) + ' is ' + height + ' high');
    }
    return faults;
  })()`);
}
