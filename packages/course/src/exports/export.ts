/** Every format that a class can be reported in, by the name that `--report` takes. */

import { extname } from "node:path";
import { type Grading, markdownTable, reporters, safeName, terminalTable, toJson } from "@touchstone/grader";
import type { ClassGrading, StudentGrading } from "../grading/class-grading.ts";
import type { LeaderboardSettings } from "../policy/leaderboard-settings.ts";
import { classTable } from "../tables/class-table.ts";
import { renderCanvas } from "./canvas.ts";
import { renderClassCsv } from "./class-csv.ts";
import { renderGradebook } from "./gradebook.ts";
import {
  leaderboardTable,
  renderLeaderboardCsv,
  renderLeaderboardMarkdown,
  standings,
} from "./leaderboard.ts";
import { renderMoodle } from "./moodle.ts";
import { renderPrairieLearn } from "./prairielearn.ts";

export interface ExportInput {
  grading: ClassGrading;
  /** As gradebooks show it. */
  deadline?: string;
  leaderboard: {
    settings: LeaderboardSettings;
    /** By the settings' submission rule. */
    students: readonly StudentGrading[];
  };
  /** A student's grading as the student may see it. */
  forStudent(graded: StudentGrading): Grading;
}

/** One file, or a folder with a file for each student. */
export type Export =
  | { kind: "file"; render(input: ExportInput, file: string): string }
  | { kind: "folder"; files(input: ExportInput): Iterable<{ path: string; text: string }> };

const file = (render: (input: ExportInput, file: string) => string): Export => ({ kind: "file", render });

/** `<student>/<name>` for each of them. */
const folder = (name: string, render: (grading: Grading) => string): Export => ({
  kind: "folder",
  *files({ grading, forStudent }) {
    for (const graded of grading.students) {
      if (graded.status === "excused") continue;
      yield { path: `${safeName(graded.student.id)}/${name}`, text: render(forStudent(graded)) };
    }
  },
});

export const EXPORTS: Readonly<Record<string, Export>> = {
  terminal: file(({ grading }) => `${terminalTable(classTable(grading))}\n`),
  markdown: file(({ grading }) => `${markdownTable(classTable(grading))}\n`),
  csv: file(renderClassCsv),
  json: file(({ grading }) => renderClassJson(grading)),
  gradebook: file(renderGradebook),
  moodle: file(renderMoodle),
  canvas: file(renderCanvas),
  leaderboard: file(renderLeaderboard),
  gradescope: folder("results.json", reporters.gradescope),
  prairielearn: folder("results.json", renderPrairieLearn),
};

export const renderClassJson = (grading: ClassGrading): string =>
  toJson({ schema: "touchstone-class-grading/1", ...grading });

/** Markdown in a file that ends in `.md`, CSV in any other. */
function renderLeaderboard({ leaderboard: { settings, students } }: ExportInput, file: string): string {
  const table = leaderboardTable(standings(students, settings), settings);
  return extname(file) === ".md" ? renderLeaderboardMarkdown(table) : renderLeaderboardCsv(table);
}
