import { expect, it } from "vitest";
import { graded, jobs, result, student } from "../../test/small-class.ts";
import { redactor } from "./redact.ts";

const ada = student("b09901001");
const others = [
  student("b09901002", { firstName: "Bob", lastName: "Byte", email: "bob@x.org" }),
  student("\u674e-1", { firstName: "\u5c0f\u660e", lastName: "\u738b", email: "ming@x.org" }),
  student("17", { firstName: "", lastName: "", email: "" }),
];
const redacted = redactor({
  students: [ada, ...others],
  folders: ["/class/students", "/data"],
  results: "/class/results",
});

const seen = (stderr: string, reason = "") => {
  const run = { stdout: "", stderr } as never;
  const { grading } = graded(
    ada,
    jobs.map((job) => result(job, 1, { status: "failed", reasons: [reason], run })),
  );
  return redacted(ada.id, grading).results[0]!;
};

it("hides other students' ids, names and addresses, and keeps one's own", () => {
  const { run } = seen(
    "B09901002 bob@x.org Byte, Bob BYTEBOB \u5b78\u751f\u738b\u5c0f\u660e\u597d b09901001 ada",
  );
  const other = "[another student]";
  expect(run!.stderr).toBe(`${other} ${other} ${other} ${other} \u5b78\u751f${other}\u597d b09901001 ada`);
});

it("longer words and everyday numbers stay", () => {
  expect(seen("b099010021 xb09901002 epoch 17").run!.stderr).toBe("b099010021 xb09901002 epoch 17");
});

it("hides where the course keeps its data; a submission's own files are named from its folder", () => {
  const { run, reasons } = seen(
    'File "/class/results/work/pc-1-2-abc/submission/main.py", line 3: /class/students/x/y.py',
    "/data/faces/val.csv: expected labels, found none",
  );
  expect(run!.stderr).toBe('File "submission/main.py", line 3: [a folder of the course]');
  expect(reasons).toEqual(["[a folder of the course]: expected labels, found none"]);
});

it("numbers, keys and times are left alone", () => {
  const { grading } = graded(
    ada,
    jobs.map((job) => result(job, 0.5)),
  );
  expect(redacted(ada.id, grading)).toEqual(grading);
});
