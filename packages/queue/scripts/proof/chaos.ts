/** Chaos: workers, the coordinator and Redis are killed, again and again, while a class is graded. */

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RedisServer } from "../../test/redis-server.ts";
import { canonical, type Done, leftProcesses, overlaps, wrongRecords } from "./checks.ts";
import { type ProofClass, withResults } from "./classes.ts";
import { readDone, type Started, start } from "./roles.ts";

export interface ChaosOptions {
  kills: number;
  workers: number;
  seed: number;
  /** Seconds from one kill to the next, on average. */
  pause: number;
  /** See `--lost-after` of a worker. */
  lostAfter: number;
  say(line: string): void;
}

/** As many rounds of the class as it takes for all the kills. @returns what was wrong */
export async function chaos(
  folder: string,
  proof: ProofClass,
  expected: string,
  redis: RedisServer,
  options: ChaosOptions,
): Promise<string[]> {
  const strikes = new Strikes(folder, proof, redis, options);
  const wrong: string[] = [];
  try {
    for (let round = 1; strikes.left > 0 || round === 1; round++) {
      const began = performance.now();
      const results = `chaos-${round}`;
      const { done, repeats } = await strikes.round(results, expected);
      const problems = [
        ...(canonical(done) === expected ? [] : ["its table is another one than the serial one's"]),
        ...(await wrongRecords(join(folder, results), done)),
        ...(await overlaps(join(folder, results))).map((pair) => `timed, and not alone: ${pair}`),
      ];
      wrong.push(...problems.map((problem) => `round ${round}: ${problem}`));
      options.say(
        `  round ${round}: ${proof.tasks.length} submissions in ${((performance.now() - began) / 1000).toFixed(0)} s, ` +
          `${strikes.left} kills left, ${repeats} repeats for what was begun too often, ${problems.length} things wrong`,
      );
    }
  } finally {
    await strikes.end();
  }
  options.say(`  kills: ${strikes.tally}`);
  await sleep(5000);
  return [...wrong, ...leftProcesses().map((line) => `still there: ${line}`)];
}

/** The processes, and who is killed next. */
class Strikes {
  left: number;
  readonly #folder: string;
  readonly #proof: ProofClass;
  readonly #redis: RedisServer;
  readonly #options: ChaosOptions;
  readonly #random: () => number;
  readonly #workers: Started[];
  readonly #kills = { worker: 0, coordinator: 0, redis: 0, "redis, wiped": 0 };
  #logs = 0;

  constructor(folder: string, proof: ProofClass, redis: RedisServer, options: ChaosOptions) {
    this.left = options.kills;
    this.#folder = folder;
    this.#proof = proof;
    this.#redis = redis;
    this.#options = options;
    this.#random = generator(options.seed);
    this.#workers = Array.from({ length: options.workers }, () => this.#worker());
  }

  get tally(): string {
    return Object.entries(this.#kills)
      .map(([what, times]) => `${what} ${times}`)
      .join(", ");
  }

  /** Until the table is the expected one: what was begun too often for the kills is graded when the same command is given again. */
  async round(results: string, expected: string): Promise<{ done: Done; repeats: number }> {
    const out = join(this.#folder, `${results}.json`);
    const job = { url: this.#redis.url, tasks: withResults(this.#proof.tasks, this.#folder, results), out };
    const coordinate = () => start("coordinator", job, this.#log());
    let coordinator = coordinate();
    for (let repeats = 0; ; ) {
      const pause = sleep(1000 * this.#options.pause * (0.5 + this.#random()), "time" as const);
      const ended = await Promise.race([coordinator.exit, pause]);
      if (ended === "time") {
        if (this.left > 0 && (await this.#strike()) === "coordinator") {
          await coordinator.kill();
          coordinator = coordinate();
        }
        continue;
      }
      const done = existsSync(out) ? readDone(out) : undefined;
      if (done && (canonical(done) === expected || repeats === MOST_REPEATS)) return { done, repeats };
      if (done) repeats++;
      rmSync(out, { force: true });
      coordinator = coordinate();
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }

  /** @returns who is to be killed, where that is the coordinator */
  async #strike(): Promise<"coordinator" | undefined> {
    this.left--;
    const draw = this.#random();
    if (draw < 0.6) {
      this.#kills.worker++;
      const i = Math.floor(this.#random() * this.#workers.length);
      await this.#workers[i]!.kill();
      this.#workers[i] = this.#worker();
    } else if (draw < 0.8) {
      this.#kills.coordinator++;
      return "coordinator";
    } else {
      const wiped = draw < 0.9;
      this.#kills[wiped ? "redis, wiped" : "redis"]++;
      await this.#redis.kill();
      await sleep(1000 * this.#random());
      await this.#redis.start({ wiped });
    }
    return undefined;
  }

  #worker(): Started {
    const { lostAfter } = this.#options;
    const job = { url: this.#redis.url, assignment: this.#proof.assignment.file, lostAfter };
    return start("worker", job, this.#log());
  }

  #log(): string {
    return join(this.#folder, `process-${this.#logs++}`);
  }
}

/** Of a table that does not become the expected one. */
const MOST_REPEATS = 5;

/** A linear congruential generator (Numerical Recipes): the same schedule for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
