/** Two gradings of a class, or of one student, as a page. */

import type { Grading, Table } from "@touchstone/grader";
import { comparisonModel, type ReportModel, type Section } from "@touchstone/report";
import type { Change } from "./diff.ts";

/** A class's page goes into the metrics of so many at most. */
const DETAILED = 50;

export interface DiffNames {
  before: string;
  after: string;
}

/** @param id of the only student to show */
export async function diffPage(
  [before, after]: readonly [ReadonlyMap<string, Grading>, ReadonlyMap<string, Grading>],
  { before: first, after: second }: DiffNames,
  { changes, table, id }: { changes: readonly Change[]; table: Table; id?: string },
): Promise<ReportModel> {
  const modelOf = (id: string) => {
    const [a, b] = [before.get(id), after.get(id)];
    return a && b
      ? comparisonModel([
          { name: first, grading: a },
          { name: second, grading: b },
        ])
      : undefined;
  };
  const only = id === undefined ? undefined : await modelOf(id);
  if (only) return only;
  const details: Section[] = [];
  for (const change of changes.slice(0, DETAILED)) {
    const model = await modelOf(change.id);
    const tables = model?.sections.find(({ title }) => title === "What changed")?.tables ?? [];
    details.push({
      title: change.id,
      tables,
      remarks: change.why.map((text) => ({ severity: "warning" as const, subject: change.id, text })),
    });
  }
  const title = [...after.values(), ...before.values()][0]?.assignment.title ?? "Nothing";
  return {
    title: `${title}: two gradings compared`,
    subtitle: `${first}, then ${second}`,
    facts: [
      { label: "Students before", value: String(before.size) },
      { label: "Students after", value: String(after.size) },
      { label: "Changed", value: String(changes.length) },
    ],
    sections: [{ title: "Who changed", tables: [table] }, ...details],
  };
}
