/** Whether an upgrade with this `Origin`, asked of this `Host`, may come in. One without an Origin always may. */
export type OriginRule = (origin: string | undefined, host: string | undefined) => boolean;

const WEB_ORIGIN = /^(https?):\/\/([^/?#@]+)$/;
/** A port that the scheme has anyway. Programs leave it out of one header and write it in the other. */
const USUAL_PORT = /:(?:443|80)$/;

/**
 * The rule that `--origins` gives. A browser sends an Origin with every websocket, and the page cannot change it; programs mostly send
 * none. Some send that of the address they dial (`same`), though nobody serves pages there. No page of another site can.
 */
export function originRule(allowed: readonly string[]): OriginRule {
  const listed = new Set(allowed.map((one) => one.toLowerCase()));
  const [any, same] = [listed.has('any'), listed.has('same')];
  return (origin, host) => {
    if (origin === undefined || any) return true;
    const lower = origin.toLowerCase();
    return listed.has(lower) || (same && host !== undefined && isSame(lower, host.toLowerCase()));
  };
}

function isSame(origin: string, host: string): boolean {
  const authority = WEB_ORIGIN.exec(origin)?.[2];
  return authority !== undefined && authority.replace(USUAL_PORT, '') === host.replace(USUAL_PORT, '');
}
