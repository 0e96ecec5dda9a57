/** Makes work that is done at the first call, and whose outcome every later call gets: several checks judge one look. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let outcome: Promise<T> | undefined;
  return () => {
    outcome ??= work();
    return outcome;
  };
}
