/** Figures of a problem's metrics: the runs against what they are held against, and by class where a metric has parts. */

import { byClass, type Estimate, metricAgainstBaselines } from "../figures/estimates.ts";
import { fidByCount } from "../figures/fid-by-count.ts";
import type { Figure } from "../figures/figure.ts";
import { oneLine } from "../text.ts";
import type { MetricInput, ResultInput } from "./grading.ts";
import { runName, unique } from "./names.ts";
import { hasValue } from "./values.ts";

type Found = { result: ResultInput; metric: MetricInput & { value: number } };

/** Columns have figures of their own: their baselines differ. */
export async function metricFigures(results: readonly ResultInput[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  const names = unique(
    results.flatMap(({ metrics }) => metrics.flatMap(({ name, part }) => (part ? [] : [name]))),
  );
  for (const name of names) {
    for (const column of unique(results.map((result) => result.column))) {
      const found = results.flatMap((result): Found[] => {
        const metric = result.metrics.find((each) => each.name === name);
        return result.column === column && metric && hasValue(metric) ? [{ result, metric }] : [];
      });
      if (found.length > 0) figures.push(...(await figuresOfMetric(found, column)));
    }
  }
  return figures;
}

async function figuresOfMetric(found: readonly Found[], column: string | undefined): Promise<Figure[]> {
  const { name, label, better, unit } = found[0]!.metric;
  const quantity = {
    label: column === undefined ? label : `${label}, ${column}`,
    better,
    isShare: unit === "share",
  };
  const runs = found.map(({ result, metric }) => estimateOf(result.variant, metric));
  const others = othersOf(found);
  const classes = found
    .map(({ result }) => ({
      run: result.variant,
      estimates: result.metrics.flatMap((each) =>
        each.part?.of === name && hasValue(each) ? [estimateOf(each.part.name, each)] : [],
      ),
    }))
    .filter(({ estimates }) => estimates.length > 0);
  return [
    ...(runs.length > 1 || others.length > 0 ? [await metricAgainstBaselines(quantity, runs, others)] : []),
    ...(classes.length > 0 ? [await byClass(quantity, classes)] : []),
  ];
}

/** Of each distance of a run that was also computed from fewer images: how it falls with their number. */
export async function biasFigures({ metrics, ...result }: ResultInput): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { label, byCount = [] } of metrics.filter(hasValue)) {
    const quantity = oneLine(label, 60);
    const title = `${quantity} by the number of images, ${runName(result)}`;
    if (byCount.length > 1) figures.push(await fidByCount(byCount, { quantity, title }));
  }
  return figures;
}

/** Each figure of others once where it is the same for all runs (a baseline), else with the run that it belongs to. */
function othersOf(found: readonly Found[]): { name: string; value: number }[] {
  const names = unique(found.flatMap(({ metric }) => Object.keys(metric.published ?? {})));
  return names.flatMap((name) => {
    const own = found.flatMap(({ result, metric }) => {
      const value = metric.published?.[name];
      return value === undefined || !Number.isFinite(value) ? [] : [{ run: runName(result), value }];
    });
    const isCommon = own.length === found.length && unique(own.map(({ value }) => value)).length === 1;
    return isCommon
      ? [{ name, value: own[0]!.value }]
      : own.map(({ run, value }) => ({ name: `${run}: ${name}`, value }));
  });
}

function estimateOf(name: string, { value, interval }: Found["metric"]): Estimate {
  return { name, value, ...(interval ? { interval } : {}) };
}
