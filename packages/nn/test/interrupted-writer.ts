/** A process that begins to write argv[2] and stops halfway, or (argv[3] = "finish") writes 64 KiB to the end. */

import { writeSync } from "node:fs";
import { writeAtomically } from "../src/checkpoints/atomic-write.ts";

const [path, mode] = process.argv.slice(2) as [string, string?];

function* chunks(): Generator<Uint8Array> {
  yield new Uint8Array(32 << 10);
  if (mode !== "finish") {
    writeSync(1, "halfway\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  yield new Uint8Array(32 << 10);
}

try {
  await writeAtomically(path, chunks());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
