/** What the gate found, for a terminal, as Markdown, JUnit's XML, JSON and annotations. */

import { estimate, metricValue } from "../reporters/format.ts";
import { annotation } from "../reporters/github.ts";
import { toJson } from "../reporters/json.ts";
import { type Case, junitXml } from "../reporters/junit-xml.ts";
import { markdown, markdownTable } from "../reporters/markdown.ts";
import type { Table } from "../reporters/table.ts";
import { painter, type Style, type TerminalOptions, terminalTable } from "../reporters/terminal.ts";
import { oneLine } from "../reporters/text.ts";
import { nameOf } from "./baseline.ts";
import { type GateLine, type GateReport, gateExitCode } from "./check.ts";
import { passing } from "./compare.ts";

export function renderGateTerminal(report: GateReport, { colour = false }: TerminalOptions = {}): string {
  const paint = painter(colour);
  const { lines } = report;
  const styles = new Map<unknown, Style | undefined>();
  const table = gateTable(report);
  table.rows.forEach((row, i) => {
    styles.set(row, styleOf(lines[i]!));
  });
  const remarks = remarksOf(report).map(({ level, name, text }) => {
    const style = level === "error" ? "red" : level === "warning" ? "yellow" : "dim";
    return `${paint(style, level)}: ${oneLine(name)}: ${oneLine(text, 500)}`;
  });
  const parts = [
    terminalTable(table, { colour, style: (row) => styles.get(row) }),
    ...(remarks.length > 0 ? [remarks.join("\n")] : []),
    paint(gateExitCode(report) === 0 ? "green" : "red", conclusion(report)),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function renderGateMarkdown(report: GateReport): string {
  const items = remarksOf(report).map(
    ({ level, name, text }) => `- **${level}**, ${markdown(name)}: ${markdown(text, 500)}`,
  );
  const parts = [
    markdownTable(gateTable(report)),
    ...(items.length > 0 ? [items.join("\n")] : []),
    conclusion(report),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** A case for each metric; one of level `warn` is skipped where it would fail. */
export function renderGateJUnit(report: GateReport): string {
  const metrics = report.lines.map(({ entry, verdict, because, fails }): Case => {
    const base = { classname: `gate.${entry.problem}`, name: nameOf(entry) };
    if (passing.has(verdict) && verdict !== "off") return { ...base, lines: [`${verdict}: ${because}`] };
    return { ...base, outcome: { kind: fails ? "failure" : "skipped", message: `${verdict}: ${because}` } };
  });
  const runs = report.faults.map(
    ({ run, status, reason }): Case => ({
      classname: "gate.runs",
      name: run,
      outcome: { kind: status === "failed" ? "failure" : "error", message: reason },
    }),
  );
  return junitXml([{ name: "gate", cases: [...metrics, ...runs] }]);
}

export function renderGateJson(report: GateReport): string {
  return toJson({ schema: "touchstone-gate/1", exitCode: gateExitCode(report), ...report });
}

export function gateAnnotations(report: GateReport): string[] {
  return remarksOf(report).map(({ level, name, text }) => annotation(level, name, text));
}

function gateTable({ lines }: GateReport): Table {
  return {
    title: "Against the baseline",
    columns: ["metric", "baseline", "now", "n", "level", "verdict"].map((title, i) => ({
      title,
      align: i >= 1 && i <= 3 ? "right" : "left",
    })),
    rows: lines.map(({ entry, metric, verdict, fails }) => ({
      kind: fails ? "failed" : "result",
      cells: [
        nameOf(entry),
        metricValue(entry.value, metric?.unit),
        metric && estimate(metric),
        metric && String(metric.n),
        entry.level,
        verdict,
      ].map((text) => (text === undefined ? undefined : { text })),
    })),
    notes: [],
  };
}

interface GateRemark {
  level: "error" | "warning" | "notice";
  name: string;
  text: string;
}

function remarksOf({ lines, faults, unlisted }: GateReport): GateRemark[] {
  return [
    ...faults.map(
      ({ run, status, reason }): GateRemark => ({ level: "error", name: run, text: `${status}: ${reason}` }),
    ),
    ...lines
      .filter(({ verdict }) => !passing.has(verdict) || verdict === "within-noise")
      .map(({ entry, verdict, because, fails }): GateRemark => {
        const level = fails ? "error" : passing.has(verdict) ? "notice" : "warning";
        return { level, name: nameOf(entry), text: `${verdict}: ${because}` };
      }),
    ...unlisted.map(
      (name): GateRemark => ({ level: "notice", name, text: "not in the baseline; --update adds it." }),
    ),
  ];
}

function conclusion({ lines, faults }: GateReport): string {
  const failing = lines.filter(({ fails }) => fails).length;
  if (failing + faults.length === 0)
    return `Holds: ${lines.length} ${lines.length === 1 ? "metric" : "metrics"}.`;
  const runs = faults.length > 0 ? `, ${faults.length} runs without a score` : "";
  return `Fails: ${failing} of ${lines.length} metrics${runs}.`;
}

const styleOf = ({ fails, verdict }: GateLine): Style | undefined => {
  if (fails) return "red";
  if (!passing.has(verdict)) return "yellow";
  return verdict === "better" ? "green" : verdict === "off" ? "dim" : undefined;
};
