// Times several engines in turns, A B C A B C ...: on a noisy machine each meets the same noise.
export interface Timing {
  /** Milliseconds. */
  median: number;
  min: number;
  n: number;
}

export type Iterate = () => Promise<number>;

const WARM_UPS = 2;
const MIN_ROUNDS = 3;
const PAUSE_MS = 50; // an engine's threads spin for a while after their work, on the next one's cores

/**
 * Rounds of one iteration each until `seconds` are over, at least three; warm-ups come before and are not counted.
 * An engine that throws is left out from then on: its reason stands in place of its timing.
 */
export async function takeTurns(
  engines: Record<string, Iterate>,
  seconds: number,
): Promise<Record<string, Timing | Error>> {
  const taken = new Map(Object.keys(engines).map((name) => [name, [] as number[]]));
  const failed = new Map<string, Error>();
  const turn = async (keep: boolean): Promise<void> => {
    for (const [name, iterate] of Object.entries(engines)) {
      if (failed.has(name)) continue;
      try {
        const ms = await iterate();
        if (keep) taken.get(name)?.push(ms);
      } catch (error) {
        failed.set(name, error instanceof Error ? error : new Error(String(error)));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };

  for (let i = 0; i < WARM_UPS; i++) await turn(false);
  const end = performance.now() + 1000 * seconds;
  for (let round = 0; round < MIN_ROUNDS || performance.now() < end; round++) await turn(true);
  return Object.fromEntries([...taken].map(([name, times]) => [name, failed.get(name) ?? summary(times)]));
}

function summary(times: number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (i: number) => sorted[i] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), n: sorted.length };
}
