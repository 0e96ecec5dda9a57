import type { DevTools } from './dev-tools.js';

interface Evaluation<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string }; readonly text: string };
}

/** A tab of a browser. */
export class Tab {
  /** Complaints of the page: warnings, errors, exceptions, violations of its policy, and failed loads. */
  readonly complaints: string[] = [];
  readonly #tools: DevTools;
  readonly #session: string;
  #loaded: (() => void) | undefined;

  constructor(tools: DevTools, session: string) {
    this.#tools = tools;
    this.#session = session;
    tools.listen(session, (method, params) => this.#hear(method, params));
  }

  async prepare(width: number, height: number, scheme: 'light' | 'dark'): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Log', 'Accessibility']) await this.#ask(`${domain}.enable`, {});
    await this.#ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.#ask('Emulation.setEmulatedMedia', { features });
  }

  async go(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.#loaded = resolve;
    });
    await this.#ask('Page.navigate', { url });
    await loaded;
  }

  /** Makes this tab the visible one and hides the others. */
  async show(): Promise<void> {
    await this.#ask('Page.bringToFront', {});
  }

  /** The value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const given = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails: thrown } = await this.#ask<Evaluation<T>>('Runtime.evaluate', given);
    if (thrown !== undefined) throw new Error(thrown.exception?.description ?? thrown.text);
    return result.value;
  }

  /** Resolves once the expression is true; it is looked at whenever the document changes. */
  async until(expression: string): Promise<void> {
    await this.evaluate(`new Promise((resolve) => {
      const look = () => { if (${expression}) { watch.disconnect(); resolve(true); } };
      const watch = new MutationObserver(look);
      watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      look();
    })`);
  }

  /** The text of the first element that fits. */
  text(selector: string): Promise<string> {
    return this.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`);
  }

  /** Clicks into the middle of the first element that fits, as a mouse does: what lies above it gets the click. */
  async click(selector: string): Promise<void> {
    const [x, y] = await this.evaluate<[number, number]>(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    })()`);
    const where = { x, y, button: 'left', clickCount: 1 };
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.#ask('Input.dispatchMouseEvent', { type, ...where });
  }

  /** Presses a key where the focus is. */
  async press(key: string): Promise<void> {
    const text = key === 'Enter' ? { text: '\r' } : {};
    const given = { key, code: key, ...(key === 'Enter' && { windowsVirtualKeyCode: 13 }), ...text };
    await this.#ask('Input.dispatchKeyEvent', { type: 'keyDown', ...given });
    await this.#ask('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key });
  }

  /** Roles and names of the accessibility tree, as a screen reader gets them. */
  async spoken(): Promise<{ readonly role: string; readonly name: string }[]> {
    interface Node {
      readonly ignored: boolean;
      readonly role?: { readonly value: string };
      readonly name?: { readonly value: string };
    }
    const { nodes } = await this.#ask<{ nodes: Node[] }>('Accessibility.getFullAXTree', {});
    return nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => ({ role: role?.value ?? '', name: name?.value ?? '' }));
  }

  /** What is seen in the window, or the whole page, as PNG. */
  async picture(of: 'window' | 'page' = 'window'): Promise<Buffer> {
    const given = { format: 'png', captureBeyondViewport: of === 'page' };
    const { data } = await this.#ask<{ data: string }>('Page.captureScreenshot', given);
    return Buffer.from(data, 'base64');
  }

  #ask<T>(method: string, params: object): Promise<T> {
    return this.#tools.ask<T>(method, params, this.#session);
  }

  #hear(method: string, params: unknown): void {
    if (method === 'Page.loadEventFired') this.#loaded?.();
    if (method === 'Runtime.exceptionThrown') this.complaints.push(JSON.stringify(params));
    if (method === 'Runtime.consoleAPICalled') {
      const { type } = params as { type: string };
      if (['warning', 'error', 'assert'].includes(type)) this.complaints.push(JSON.stringify(params));
    }
    if (method === 'Log.entryAdded') {
      const { entry } = params as { entry: { level: string; text: string; url?: string } };
      if (entry.level !== 'verbose' && entry.level !== 'info') {
        this.complaints.push(`${entry.text} ${entry.url ?? ''}`);
      }
    }
  }
}
