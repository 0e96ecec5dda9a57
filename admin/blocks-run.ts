import { randomUUID } from 'node:crypto';
import type { Block__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Block.js';
import type { BlockPeerResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerResponse.js';
import type { ListBlocksResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ListBlocksResponse.js';
import type { UnblockPeerResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/UnblockPeerResponse.js';
import type { BlockFlags } from './blocks.js';
import { connected } from './connection.js';
import type { ConnectionFlags } from './connection-flags.js';
import { shortTime } from './durations.js';
import { timeMs } from './json-form.js';
import { type Column, columns, documentOf, formOf, type OutputFlags, properties } from './output.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

/** `blocks list`: every page. */
export async function listBlocks(flags: ConnectionFlags & OutputFlags, io: Terminal): Promise<void> {
  const blocks = await connected(flags, io.environment, async ({ client, ask }) => {
    const all: Block__Output[] = [];
    let pageToken = '';
    do {
      const page = await ask<ListBlocksResponse__Output>((metadata, options, done) =>
        client.listBlocks({ page_size: 500, page_token: pageToken }, metadata, options, done),
      );
      all.push(...page.blocks);
      pageToken = page.next_page_token;
    } while (pageToken !== '');
    return all;
  });
  const form = formOf(flags, io);
  const isData = form === 'json' || form === 'yaml';
  io.out(isData ? documentOf({ blocks }, form) : columns(blocks, blockColumns(Date.now()), form));
}

/** `blocks add`. */
export async function addBlock(flags: BlockFlags, io: Terminal): Promise<void> {
  const request = {
    fingerprint: flags.fingerprint ?? '',
    subject: flags.subject ?? '',
    meetup_id: flags.meetup ?? '',
    duration: flags.duration,
    reason: flags.reason,
    request_id: flags.requestId ?? randomUUID(),
  };
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<BlockPeerResponse__Output>((metadata, options, done) => client.blockPeer(request, metadata, options, done)),
  );
  const form = formOf(flags, io);
  const rows = [
    ['block', answer.block?.uid ?? ''],
    ['until', answer.block === null ? '' : until(answer.block)],
    ['ended', `${answer.ended_connections} connections`],
  ] as const;
  io.out(form === 'json' || form === 'yaml' ? documentOf(answer, form) : properties(rows, form));
  tellUnanswered(answer.unreachable_replicas, 'the block is in force there once they read the store', io);
}

/** `blocks remove`. */
export async function removeBlock(word: string, flags: ConnectionFlags & OutputFlags, io: Terminal): Promise<void> {
  const name = word.startsWith('blocks/') ? word : `blocks/${word}`;
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<UnblockPeerResponse__Output>((metadata, options, done) =>
      client.unblockPeer({ name }, metadata, options, done),
    ),
  );
  const form = formOf(flags, io);
  io.out(form === 'json' || form === 'yaml' ? documentOf(answer, form) : properties([['lifted', name]], form));
  tellUnanswered(answer.unreachable_replicas, 'the block is lifted there once they read the store', io);
}

function blockColumns(now: number): readonly Column<Block__Output>[] {
  const left = ({ expire_time }: Block__Output): number => (expire_time === null ? 0 : timeMs(expire_time) - now);
  return [
    { title: 'UID', plain: ({ uid }) => uid },
    { title: 'UNTIL', plain: until, pretty: (block) => `in ${shortTime(Math.max(left(block), 0))}` },
    { title: 'MEETUP', plain: ({ meetup_id }) => meetup_id },
    {
      title: 'FINGERPRINT',
      plain: ({ fingerprint }) => fingerprint,
      pretty: ({ fingerprint }) => fingerprint.slice(0, 16),
    },
    { title: 'SUBJECT', plain: ({ subject }) => subject },
    { title: 'BY', plain: ({ creator }) => creator },
    { title: 'REASON', plain: ({ reason }) => reason },
  ];
}

function until({ expire_time }: Block__Output): string {
  return expire_time === null ? '' : new Date(timeMs(expire_time)).toISOString();
}
