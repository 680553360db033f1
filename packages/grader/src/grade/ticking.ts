/** Progress of something that says nothing while it runs: the seconds that have passed. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Work } from "@touchstone/cli";

/** @param limit seconds after which it is ended */
export async function* ticking<T>(label: string, limit: number, promise: Promise<T>): Work<T> {
  const start = performance.now();
  const ended = promise.then(
    () => "ended",
    () => "ended",
  );
  for (;;) {
    const done = Math.min(Math.floor((performance.now() - start) / 1000), limit);
    yield { label, done, total: limit, unit: "s of its limit" };
    const timer = new AbortController();
    const tick = sleep(1000, "tick", { signal: timer.signal }).catch(() => "tick");
    const first = await Promise.race([ended, tick]);
    timer.abort();
    if (first === "ended") return await promise;
  }
}
