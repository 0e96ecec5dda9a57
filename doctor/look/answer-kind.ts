/** The answerer: the peers' port, the control API's port, or something that is not ours. */
export type Kind = 'peers' | 'control' | 'other';

/** The answerer, as the form of its refusal shows it. */
export interface Word {
  readonly kind: Kind;
  /** Its word: of the close table, or of the control API's reasons; `HTTP <status>` where it has none of ours. */
  readonly reason: string;
  readonly message: string;
}

/** Reads an answer: `{"error":{"reason",…}}` of the peers' port, google.rpc.Status or ServerInfo of the control API's. */
export function kindOf(status: number, body: string): Word {
  const value = record(parsed(body));
  const error = record(value['error']);
  const other = { reason: `HTTP ${status}`, message: '' };
  if (status === 101) return { kind: 'peers', reason: 'let_in', message: '' };
  if (typeof error['reason'] === 'string') return { kind: 'peers', reason: error['reason'], message: text(error) };
  if (typeof value['code'] === 'number' && 'message' in value) {
    const details: unknown[] = Array.isArray(value['details']) ? value['details'] : [];
    const reason = details.map((one) => record(one)['reason']).find((one) => typeof one === 'string');
    return { kind: 'control', reason: typeof reason === 'string' ? reason : other.reason, message: text(value) };
  }
  if (status === 200 && 'callerRights' in value) return { kind: 'control', reason: 'OK', message: '' };
  return { kind: 'other', ...other };
}

function text({ message }: Readonly<Record<string, unknown>>): string {
  return typeof message === 'string' ? message : '';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
