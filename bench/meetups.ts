/** So many names of meetups that nobody had before. */
export function* meetups(count: number): Generator<string, void, undefined> {
  const run = Math.random().toString(36).slice(2, 10);
  for (let at = 0; at < count; at += 1) yield `${run}-${at}`;
}

/** Does the work for each meetup, for so many at any time. Rejects with the first fault; what was begun then goes on. */
export async function fewAtATime(
  each: Iterator<string>,
  atOnce: number,
  work: (meetup: string) => Promise<void>,
): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let next = each.next(); next.done !== true; next = each.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
