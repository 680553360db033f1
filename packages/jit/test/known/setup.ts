/** On WebGPU, skips the tests in `webgpu-known.ts`, with the symptom as the note that vitest prints. */

import { beforeEach } from "vitest";
import { knownFailure } from "./webgpu-known.ts";

const runAll = process.env.TOUCHSTONE_WEBGPU_KNOWN === "run";

beforeEach(({ task, skip }) => {
  const known = runAll ? undefined : knownFailure(task.file.name, task.fullTestName);
  if (known) skip(known.symptom);
});
