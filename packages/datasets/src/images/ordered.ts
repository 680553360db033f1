/** Work that runs several at a time and comes out in order. */

/**
 * `f` of each item, in the order of the items, whichever is ready first. At most `limit` are running or waiting to be taken,
 * and when the consumer stops early, those are waited for, so that nothing goes on behind its back.
 */
export async function* mapOrdered<T, R>(
  items: Iterable<T>,
  limit: number,
  f: (item: T) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const iterator = items[Symbol.iterator]();
  const running: Promise<R>[] = [];
  try {
    for (;;) {
      signal?.throwIfAborted();
      while (running.length < limit) {
        const { done, value } = iterator.next();
        if (done) break;
        const result = f(value);
        result.catch(() => {}); // Reported when its turn comes, which is never if the consumer stops before.
        running.push(result);
      }
      const first = running[0];
      if (first === undefined) return;
      const result = await first;
      signal?.throwIfAborted();
      yield result;
      running.shift();
    }
  } finally {
    await Promise.allSettled(running);
  }
}
