/** Progress of something that says nothing while it runs: the seconds that have passed. */

import type { Work } from "@touchstone/cli";

/** @param limit seconds after which it is ended */
export async function* ticking<T>(label: string, limit: number, promise: Promise<T>): Work<T> {
  const start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const second = () =>
    new Promise<"tick">((resolve) => {
      timer = setTimeout(resolve, 1000, "tick");
    });
  try {
    for (;;) {
      const done = Math.min(Math.floor((performance.now() - start) / 1000), limit);
      yield { label, done, total: limit, unit: "s of its limit" };
      const first = await Promise.race([promise.then((value) => ({ value })), second()]);
      clearTimeout(timer);
      if (first !== "tick") return first.value;
    }
  } finally {
    clearTimeout(timer);
  }
}
