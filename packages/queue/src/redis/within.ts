/** A Redis that is frozen, or cut off, answers nothing: no command ends, and none fails. */

import { setTimeout as sleep } from "node:timers/promises";

/** Whether `work` ends in so many milliseconds. @throws what it throws by then */
export async function within(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  work.catch(() => {}); // Later, nobody listens.
  const over = new AbortController();
  const late = sleep(milliseconds, false, { signal: over.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    over.abort();
  }
}

/** What `source` gives, until the signal says that it is not wanted, whatever it waits for. @throws the signal's reason */
export async function* untilAborted<T>(
  source: AsyncGenerator<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  signal?.throwIfAborted();
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
  });
  stopped.catch(() => {});
  signal?.addEventListener("abort", stop);
  try {
    for (;;) {
      const next = source.next();
      next.catch(() => {});
      const step = await Promise.race([next, stopped]);
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
