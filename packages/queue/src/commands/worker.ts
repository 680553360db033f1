/** `pnpm grade worker`: grades what a class's coordinator gives out through Redis. */

import { resolve } from "node:path";
import { Command, integer, interruptible, Option, UsageError } from "@touchstone/cli";
import { HOMEWORK } from "@touchstone/grader";
import type { Device } from "../locks/devices.ts";
import { runWorker } from "../redis/worker.ts";

interface Flags {
  redis?: string;
  assignment: string;
  devices: Device;
  jobs: number;
  root?: string;
  data?: string;
  lostAfter: number;
}

const EXAMPLE = `
Every machine needs the same commit of Touchstone, the same file of the assignment, and the folders of submissions and results at the same
place; where they are mounted elsewhere, --root says where. A worker without them gives its task back and ends.

Redis is for machines that trust each other: who can write to it can have commands run. A URL with a password is better given as
TOUCHSTONE_REDIS.

Examples:
  pnpm grade worker --redis redis://grading:6379
  pnpm grade worker --redis redis://grading:6379 --devices gpu --root /mnt/class

Exit codes: 0 stopped; 2 wrong usage, or another assignment, version or folders than the tasks'; 4 Redis does not answer.`;

export function workerCommand(): Command {
  return new Command("worker")
    .description("Grade submissions of a class that is graded by several machines")
    .option("--redis <url>", "the server that gives out the tasks (default: $TOUCHSTONE_REDIS)")
    .option("--assignment <yaml>", "another assignment than the homework", HOMEWORK)
    .addOption(
      new Option("--devices <device>", "take the tasks that need this")
        .choices(["cpu", "gpu"])
        .default("cpu"),
    )
    .option("--jobs <n>", "how many tasks at once", integer("--jobs", 1, 1024), 1)
    .option("--root <folder>", "where this machine has the coordinator's --root")
    .option("--data <folder>", "this machine's data, in place of the coordinator's")
    .option(
      "--lost-after <seconds>",
      "give up a worker that has been silent for so long",
      integer("--lost-after", 2, 3600),
      30,
    )
    .addHelpText("after", EXAMPLE)
    .action(async ({ redis, assignment, devices, root, data, ...flags }: Flags) => {
      const url = redis ?? process.env.TOUCHSTONE_REDIS;
      if (url === undefined) throw new UsageError("--redis", "a URL such as redis://localhost:6379", "none");
      await interruptible((signal) =>
        runWorker(
          {
            ...flags,
            url,
            device: devices,
            assignment: resolve(assignment),
            ...(root !== undefined && { root: resolve(root) }),
            ...(data !== undefined && { data: resolve(data) }),
            say: (line) => process.stderr.write(`${line}\n`),
          },
          signal,
        ),
      );
    });
}
