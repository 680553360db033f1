// Started by engines.ts as `eager-worker.ts <row> <backend>`: iterates until it is killed, or three times.
import { type EagerOptions, eager } from "@touchstone/jit";
import { iterator, type Run } from "./iterate.ts";
import { JIT_ROWS } from "./rows/jit-rows.ts";

export type EagerReply = { ms: number } | { error: string };

const ITERATIONS = 3;
const [id, backend] = process.argv.slice(2);

process.on("disconnect", () => process.exit()); // whoever asked is gone

function reply(message: EagerReply): void {
  process.send?.(message);
}

try {
  const row = JIT_ROWS.find((candidate) => candidate.id === id);
  if (!row) throw new Error(`expected a row, found ${id}`);
  const workload = row.workload();
  const run = eager(workload.fn, { backend: backend as NonNullable<EagerOptions["backend"]> });
  const iterate = iterator(run as Run, workload);
  for (let i = 0; i < ITERATIONS; i++) reply({ ms: await iterate() });
} catch (error) {
  reply({ error: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) });
}
process.disconnect?.();
