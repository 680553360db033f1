/** For tests of the records: saves so many of one submission as fast as it can, and tells its parent about each that is saved. */

import { openRecords, recordKey } from "../src/records/index.ts";

const [folder, submission, count] = process.argv.slice(2) as [string, string, string];
const records = openRecords(folder);
for (let i = 0; i < Number(count); i++) {
  await records.save({
    submission,
    environment: {},
    result: {
      ...{ problem: "p1", title: "Faces", variant: "DCGAN", status: "graded", reasons: ["x".repeat(10_000)] },
      ...{ findings: [], metrics: [], points: [], phases: {} },
      runKey: recordKey("run"),
      key: recordKey(i),
      gradedAt: new Date().toISOString(),
    },
  });
  process.send?.(i + 1);
}
process.disconnect?.();
