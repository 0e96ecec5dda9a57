import { connected } from './connection.js';
import { formOf } from './output.js';
import { sessionName } from './session-query.js';
import type { TapFlags } from './tap.js';
import { followMeetup } from './tap-follow-run.js';
import { tapRequest } from './tap-request.js';
import { TapPrinter } from './tap-text.js';
import type { Terminal } from './terminal.js';

/** `tap`: until the session ends, enough was seen, or it is interrupted. */
export async function tap(word: string, flags: TapFlags, io: Terminal): Promise<void> {
  await connected(flags, io.environment, async (connection) => {
    const printer = new TapPrinter(io, formOf(flags, io), flags.count ?? Number.POSITIVE_INFINITY);
    if (flags.follow === true) {
      await followMeetup(connection, word, flags, printer);
      return;
    }
    const name = await sessionName(connection, word);
    const stream = connection.client.tapSession(tapRequest(name, flags));
    printer.onEnough = () => stream.cancel();
    await connection.read(stream, (response) => printer.show(name, response));
  });
}
