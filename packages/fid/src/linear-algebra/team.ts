/** Runs a planned computation on worker threads, so that the calling thread stays free. */

import { Worker } from "node:worker_threads";
import { WorkerThreadError } from "./errors.ts";
import { kernelModule } from "./kernels.ts";
import type { Memory } from "./web-assembly.ts";

/** Plain JavaScript in a string: a worker's file would need a TypeScript loader of its own, and a copy in every bundle. */
const WORKER = `
const { module, memory, plan, thread } = require("node:worker_threads").workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
exports.plan(...plan);
exports.run(thread);
`;

/**
 * @param plan the arguments of `plan`, the last of which is the number of threads
 * @throws WorkerThreadError
 */
export async function runTeam(
  memory: Memory,
  plan: readonly [number, number, number, number],
): Promise<void> {
  const workers = Array.from(
    { length: plan[3] },
    (_, thread) =>
      new Worker(WORKER, {
        eval: true,
        // Without the loaders of the calling process, which take longer to start than the work.
        execArgv: [],
        workerData: { module: kernelModule(), memory, plan, thread },
      }),
  );
  try {
    await Promise.all(workers.map(finished));
  } finally {
    // After a failure the others would wait for the one that is gone.
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function finished(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new WorkerThreadError(code));
    });
  });
}
