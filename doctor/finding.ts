/** From whose place is looked: a peer's, an operator's, or that of who runs the proxy on this machine. */
export const VIEWS = ['peer', 'operator', 'host'] as const;
export type View = (typeof VIEWS)[number];

/** The result of a check. Texts are single sentences without a full stop; those from outside are made safe when they are printed. */
export type Judgement =
  | { readonly status: 'ok'; readonly what: string }
  | {
      readonly status: 'warning' | 'fault';
      /** The fault. */
      readonly what: string;
      /** The consequence of the fault. */
      readonly why: string;
      /** The command to type, or the change to make. */
      readonly todo: string;
    }
  /** It could not be looked at, and `what` says why. */
  | { readonly status: 'not_checked'; readonly what: string };

export type Status = Judgement['status'];

/** One check from one place, and what it came to. */
export type Finding = Judgement & {
  /** `<view>.<check>`: scripts rely on it. */
  readonly id: string;
  readonly view: View;
  readonly check: string;
};

export function ok(what: string): Judgement {
  return { status: 'ok', what };
}

export function warning(what: string, why: string, todo: string): Judgement {
  return { status: 'warning', what, why, todo };
}

export function fault(what: string, why: string, todo: string): Judgement {
  return { status: 'fault', what, why, todo };
}

export function notChecked(what: string): Judgement {
  return { status: 'not_checked', what };
}

const BADNESS: readonly Status[] = ['fault', 'warning', 'ok', 'not_checked'];

/** The worst of several, the first of those that are as bad; at least one must be given. */
export function worst(first: Judgement, ...more: readonly Judgement[]): Judgement {
  return more.reduce((bad, one) => (BADNESS.indexOf(one.status) < BADNESS.indexOf(bad.status) ? one : bad), first);
}
