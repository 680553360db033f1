import { expect, it, vi } from "vitest";
import { contextOf, done, smallAssignment } from "../../test/small-grading.ts";
import { grade } from "./grade.ts";
import { jobsOf } from "./jobs.ts";

const network = vi.hoisted(() => ({ isDown: true }));
vi.mock("@touchstone/fid", async (importOriginal) => {
  const fid = await importOriginal<typeof import("@touchstone/fid")>();
  return {
    ...fid,
    async *openExtractor(options: Parameters<typeof fid.openExtractor>[0]) {
      if (network.isDown) throw new Error("no weights");
      return yield* fid.openExtractor(options);
    },
  };
});

it("what stood in the way of a metric may be gone: it is computed from the output that was kept, without a new run", async () => {
  const assignment = smallAssignment((yaml) =>
    yaml.replace(
      "metrics: [{ kind: digit-accuracy",
      "metrics: [{ kind: fid, extractor: digits, reference: ./test-images }, { kind: digit-accuracy",
    ),
  );
  const context = contextOf();
  const graded = async () => {
    const jobs = jobsOf(assignment, { problems: ["digits"], submission: true });
    return (await done(grade(assignment, jobs, context))).results[0]!;
  };
  const first = await graded();
  expect(first).toMatchObject({ status: "graded", points: [{ earned: 9.5 }] });
  expect(first.metrics[0]).toMatchObject({
    name: "fid",
    value: null,
    fault: "passing",
    problem: "no weights",
  });
  // As long as nothing has changed, the record stays.
  expect(await graded()).toEqual(first);

  network.isDown = false;
  const second = await graded();
  expect(second.run).toEqual(first.run);
  expect(second.metrics[0]).toMatchObject({ name: "fid", value: expect.any(Number), n: 20 });
  expect(second.metrics.slice(1)).toEqual(first.metrics.slice(1));
  expect(second.gradedAt > first.gradedAt).toBe(true);
  expect(await graded()).toEqual(second);
});
