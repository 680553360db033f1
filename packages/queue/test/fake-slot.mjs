// For tests: a slot that starts in no time, and does what the student is called.
import { existsSync, writeFileSync } from "node:fs";

process.on("disconnect", () => process.exit());
process.on("message", ({ kind, task, job }) => {
  if (kind === "stop") process.send({ kind: "stopped" });
  if (kind !== "grade") return;
  const { student, results } = task;
  const mark = `${results}.${student}.${job}`;
  if (student.startsWith("poison") && job === 0) process.kill(process.pid, "SIGKILL");
  else if (student.startsWith("dies-once") && !existsSync(mark)) {
    writeFileSync(mark, "");
    process.stderr.write("out of memory\n", () => process.exit(7));
  } else if (student.startsWith("absent")) process.send({ kind: "error", message: "no such folder" });
  else if (student.startsWith("changed")) process.send({ kind: "refused", message: "another assignment" });
  else if (!student.startsWith("endless"))
    setTimeout(answer, student.startsWith("slow") ? 800 : 5, task, job);
});

function answer({ student, problems }, job) {
  process.send({
    kind: "progress",
    progress: { label: `running ${student}`, done: 1, total: 2, unit: "s" },
  });
  const result = { problem: `${problems[0]}-${job}`, status: "graded", metrics: [], points: [] };
  process.send({ kind: "result", result: { ...result, variant: `${process.pid}` } });
}
