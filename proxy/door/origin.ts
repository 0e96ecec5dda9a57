/** Tells whether an upgrade with this `Origin` to this `Host` may come in. An upgrade without an Origin always may. */
export type OriginRule = (origin: string | undefined, host: string | undefined) => boolean;

const WEB_ORIGIN = /^(https?):\/\/([^/?#@]+)$/;
/** The default port of a scheme. Programs leave it out of one header and write it in the other. */
const USUAL_PORT = /:(?:443|80)$/;

/**
 * Makes the rule that `--origins` asks for. A browser sends an Origin with every websocket, and its page cannot change it; programs
 * mostly send none. Some programs send the address that they dial (`same`), which no page of another site can, since nobody serves
 * pages there.
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
