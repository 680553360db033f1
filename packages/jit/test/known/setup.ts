/** Skips the known failures of the engine under test, with the symptom as the note that vitest prints. */

import { beforeEach } from "vitest";
import { knownFailure } from "./failures.ts";

const runAll = process.env.TOUCHSTONE_TEST_KNOWN === "run";

beforeEach(({ task, skip }) => {
  const known = runAll ? undefined : knownFailure(task.file.name, task.fullTestName);
  if (known) skip(known.symptom);
});
