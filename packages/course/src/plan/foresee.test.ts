import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type GradeContext,
  inputsOf,
  jobsOf,
  keysOf,
  openRecords,
  openReferences,
  outputFolder,
  readAssignment,
  slotOf,
} from "@touchstone/grader";
import { expect, it, onTestFinished } from "vitest";
import { result, student } from "../../test/small-class.ts";
import { foresee } from "./foresee.ts";

const SMALL = fileURLToPath(new URL("../../../../fixtures/grading", import.meta.url));

it("tells what is found, what is scored again, and what runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-foresee-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [results, submission] = [join(folder, "results"), join(folder, "b1")];
  cpSync(join(SMALL, "submissions/good"), submission, { recursive: true });
  const assignment = await readAssignment(join(SMALL, "assignment.yaml"));
  const jobs = jobsOf(assignment, { problems: ["digits"], submission: true });
  const context: Omit<GradeContext, "submission"> = {
    ...{ results, records: openRecords(results), references: openReferences({ base: SMALL }) },
    ...{ hidden: [], readable: [], env: {}, device: "cpu", seed: 0, offline: true, fresh: false },
  };
  const foreseen = async (change: Partial<GradeContext> = {}) => {
    const errand = { ...student("b1"), folder: submission, problems: ["digits"] };
    const prospects = [];
    for await (const each of foresee(assignment, [errand], jobs, { ...context, ...change }))
      prospects.push(...each.prospects.map(({ prospect }) => prospect));
    return prospects;
  };
  expect(await foreseen()).toEqual(["new"]);

  const [job] = jobs;
  const slot = slotOf(job!, { submission: { id: "b1", path: submission } });
  const keys = await keysOf(job!, [], { submission }, await inputsOf(job!, context.references), context);
  const run = { ...RUN, startedAt: "2026-11-24T12:00:00.000Z" };
  await context.records.save({
    submission: "b1",
    environment: {},
    result: result(job!, 0.9, { ...keys, run }),
  });
  expect(await foreseen()).toEqual(["reused"]);
  expect(await foreseen({ seed: 1 })).toEqual(["again"]);
  mkdirSync(outputFolder(results, slot, keys.runKey), { recursive: true });
  expect(await foreseen({ seed: 1 })).toEqual(["scored"]);
  expect(await foreseen({ seed: 1, fresh: true })).toEqual(["again"]);
  writeFileSync(join(submission, "digits.sh"), "exit 1\n");
  expect(await foreseen()).toEqual(["again"]);
});

const RUN = {
  ...{ verdict: "ok" as const, detail: "", exitCode: 0, signal: null, wallSeconds: 1, cpuSeconds: 1 },
  ...{ outputBytes: 1, outputFiles: 1, stdout: "", stderr: "", stdoutBytes: 0, stderrBytes: 0 },
  ...{ containment: "session" as const, enforcement: {}, leftovers: 0 },
};
