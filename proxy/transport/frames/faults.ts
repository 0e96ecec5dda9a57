import { type EndingLabel, endings } from '../../wire/close.js';

/** Our label for the library's code of a fault at the other end; any other `WS_ERR_…` is a breach of RFC 6455. */
const LABELS: Readonly<Record<string, FaultLabel>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'message_too_big',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 'message_too_big',
  WS_ERR_INVALID_UTF8: 'invalid_utf8',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'too_many_fragments',
};

type FaultLabel = 'message_too_big' | 'invalid_utf8' | 'too_many_fragments' | 'protocol_error';

/** The ending for an error of the library. */
export function labelOf(error: { readonly code?: string }): EndingLabel {
  const code = error.code ?? '';
  return LABELS[code] ?? (code.startsWith('WS_ERR_') ? 'protocol_error' : 'connection_lost');
}

/** The reason text for the code with which the library closes a broken connection. */
export function faultText(code: number): string {
  const labels: readonly FaultLabel[] = ['message_too_big', 'invalid_utf8', 'too_many_fragments', 'protocol_error'];
  const label = labels.find((one) => endings[one].code === code) ?? 'protocol_error';
  return endings[label].text;
}
