/** `--update`: a grading becomes the baseline; tolerances, levels and comments that people wrote stay. */

import { Document, isMap, isSeq, parseDocument, type YAMLMap } from "yaml";
import { hasValue, runName } from "../reporters/format.ts";
import type { Grading, Metric } from "../results/results.ts";
import { type BaselineEntry, keyOf, type MetricId, nameOf, parseBaseline } from "./baseline.ts";
import { UnfitForBaselineError } from "./errors.ts";

/** What a metric gets that was not in the baseline: 1 % of room, for values without an interval, which differ between machines. */
const newcomer = { absolute: 0, relative: 0.01, level: "error" } as const;

/**
 * The entries of a baseline made from `grading`. An entry that exists keeps its tolerances, minimum and level; those of problems that
 * were not graded stay as they are; those of metrics that are no longer computed go.
 *
 * @throws UnfitForBaselineError where a run has no score, or a metric that is not `off` no value or fewer images than its minimum
 */
export function baselineOf(grading: Grading, previous: readonly BaselineEntry[] = []): BaselineEntry[] {
  const before = new Map(previous.map((entry) => [keyOf(entry), entry]));
  const measured = grading.results.flatMap(({ problem, variant, column, metrics }) =>
    metrics.flatMap((metric) => {
      // A part moves with the whole, and its few images make it jump: it is held only where somebody asked for that.
      const id: MetricId = {
        problem,
        variant,
        ...(column === undefined ? {} : { column }),
        metric: metric.name,
      };
      const old = before.get(keyOf(id));
      return metric.part && !old ? [] : [{ id, metric, old }];
    }),
  );
  refuseUnfit(grading, measured);
  const graded = new Set(grading.results.map(({ problem }) => problem));
  return [...measured.map(toEntry), ...previous.filter(({ problem }) => !graded.has(problem))];
}

interface Measured {
  id: MetricId;
  metric: Metric;
  old: BaselineEntry | undefined;
}

function toEntry({ id, metric, old }: Measured): BaselineEntry {
  const { value, interval, n, better, protocol } = metric;
  if (old?.level === "off" && !hasValue(metric)) return old;
  const { absolute, relative, minimum, level } = { minimum: undefined, ...newcomer, ...old };
  return {
    ...id,
    value: value!,
    ...(interval ? { interval: [...interval] } : {}),
    n,
    better,
    protocol: { ...protocol },
    absolute,
    relative,
    ...(minimum === undefined ? {} : { minimum }),
    level,
  };
}

/**
 * The text of the baseline file after an update.
 *
 * @param content of the file before; undefined where there is none  @param path for messages
 * @throws BaselineError, UnfitForBaselineError
 */
export function updatedBaseline(content: string | undefined, path: string, grading: Grading): string {
  const previous = content === undefined ? [] : parseBaseline(content, path).metrics;
  const entries = baselineOf(grading, previous);
  const document = content === undefined ? new Document({ schema: 1, metrics: [] }) : parseDocument(content);
  const list = document.get("metrics");
  if (!isSeq(list)) throw new TypeError("metrics of a parsed baseline is a list");
  const nodes = new Map(previous.map((entry, i) => [keyOf(entry), list.items[i]]));
  list.items = entries.map((entry) => {
    const node = nodes.get(keyOf(entry));
    if (!isMap(node)) return document.createNode(entry);
    setMeasured(document, node, entry);
    return node;
  });
  list.flow = false;
  const updated = document.toString({ lineWidth: 0 });
  // What is written must be what can be read.
  parseBaseline(updated, path);
  return updated;
}

/** Only what was measured: the rest of the node, comments included, is the file's own. */
function setMeasured(document: Document.Parsed | Document, node: YAMLMap, entry: BaselineEntry): void {
  for (const key of ["value", "interval", "n", "better", "protocol"] as const) {
    if (entry[key] === undefined) node.delete(key);
    else node.set(key, document.createNode(entry[key]));
  }
}

function refuseUnfit({ results }: Grading, measured: readonly Measured[]): void {
  const runs = results
    .filter(({ status }) => status !== "graded")
    .map(
      ({ problem, status, reasons, ...run }) =>
        `${problem}, ${runName(run)} is ${status} (${reasons[0] ?? "no reason given"})`,
    );
  const metrics = measured
    .filter(({ old }) => old?.level !== "off")
    .flatMap(({ id, metric, old }) => {
      const minimum = old?.minimum ?? 0;
      return [
        ...(hasValue(metric) ? [] : [`${nameOf(id)} has no value (${metric.problem ?? "no reason given"})`]),
        ...(metric.n >= minimum
          ? []
          : [`${nameOf(id)} has n = ${metric.n}, under its minimum of ${minimum}`]),
      ];
    });
  if (runs.length + metrics.length === 0) return;
  throw new UnfitForBaselineError(results.some(({ status }) => status === "failed") ? 3 : 4, [
    ...runs,
    ...metrics,
  ]);
}
