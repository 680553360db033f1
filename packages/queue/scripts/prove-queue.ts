/**
 * Proves that many workers grade as one does. A class of every sort of submission is graded serially, then by 1, 2 and 4 workers through a
 * Redis server: the tables must be equal to the byte. Submissions that sleep show how much of the workers' time is used. Then workers, the
 * coordinator and Redis are killed at random (`kill -9`; Redis sometimes wiped), and the table must be the same, with one record of each
 * result.
 *
 *   npx tsx packages/queue/scripts/prove-queue.ts [--students 300] [--kills 100] [--seed 1] [--pause 4] [--sleep 2]
 */

import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ProblemResult } from "@touchstone/grader";
import { localQueue } from "../src/index.ts";
import { RedisServer } from "../test/redis-server.ts";
import { chaos } from "./proof/chaos.ts";
import { canonical, leftProcesses, overlaps, wrongRecords } from "./proof/checks.ts";
import { proofClass, withResults } from "./proof/classes.ts";
import { play } from "./proof/roles.ts";
import { throughput, withWorkers } from "./proof/scaling.ts";
import { sleepers, students } from "./proof/students.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    students: { type: "string", default: "300" },
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    pause: { type: "string", default: "4" },
    sleep: { type: "string", default: "2" },
    role: { type: "string" },
  },
});

const say = (line: string) => console.log(line);

async function prove(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-proof-"));
  const redis = await RedisServer.start(folder);
  const wrong: string[] = [];
  try {
    const all = proofClass(join(folder, "class"), students(Number(values.students)));
    say(`${all.tasks.length} submissions, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`);

    const began = performance.now();
    const done = new Map<string, readonly ProblemResult[]>();
    const queue = localQueue({ jobs: 1 });
    const tasks = withResults(all.tasks, folder, "serial");
    for await (const event of queue.run(tasks))
      if (event.kind === "done") done.set(event.student, event.results);
    await queue.close();
    const expected = canonical(done);
    const statuses = [...done.values()].flat().map(({ status }) => status);
    const counts = [...new Set(statuses)].map(
      (status) => `${statuses.filter((each) => each === status).length} ${status}`,
    );
    say(`serial: ${seconds(began)} s; ${counts.join(", ")}`);
    wrong.push(...(await wrongRecords(join(folder, "serial"), done)));

    for (const count of [1, 2, 4]) {
      const results = `workers-${count}`;
      const found = await withWorkers(folder, all, results, redis, count);
      const isSame = canonical(found.done) === expected;
      say(
        `${count} workers: ${found.seconds.toFixed(0)} s; the table is ${isSame ? "the same" : "ANOTHER ONE"}`,
      );
      if (!isSame) wrong.push(`${count} workers: another table`);
      wrong.push(...(await wrongRecords(join(folder, results), found.done)));
      const pairs = await overlaps(join(folder, results));
      wrong.push(...pairs.map((pair) => `timed, and not alone: ${pair}`));
    }

    const sleep = Number(values.sleep);
    const asleep = proofClass(join(folder, "sleepers"), sleepers(24, sleep));
    for (const count of [1, 2, 4]) {
      const { taken, ideal } = await throughput(folder, asleep, redis, count, sleep);
      const share = ((100 * ideal) / taken).toFixed(0);
      say(
        `${count} workers, 24 submissions that sleep ${sleep} s: ${taken.toFixed(1)} s, ideal ${ideal} s (${share} %)`,
      );
    }

    say(`chaos, seed ${values.seed}:`);
    const options = { kills: Number(values.kills), workers: 3, seed: Number(values.seed), lostAfter: 5, say };
    wrong.push(...(await chaos(folder, all, expected, redis, { ...options, pause: Number(values.pause) })));
    wrong.push(...leftProcesses().map((line) => `still there: ${line}`));
  } finally {
    await redis.kill();
    if (wrong.length === 0) rmSync(folder, { recursive: true, force: true });
    else say(`kept for a look: ${folder}`);
  }
  for (const line of wrong) say(`WRONG: ${line}`);
  say(wrong.length === 0 ? "All as it should be." : `${wrong.length} things are wrong.`);
  return wrong.length === 0;
}

const seconds = (began: number) => ((performance.now() - began) / 1000).toFixed(0);

if (values.role === undefined) process.exitCode = (await prove()) ? 0 : 1;
else await play(values.role, positionals[0]!);
