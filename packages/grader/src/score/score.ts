/** `score(specs, context)`: the metrics that an assignment asks for, of output that has passed its checks. */

import type { Work } from "@touchstone/cli";
import { wilsonInterval } from "@touchstone/digit-classifier";
import type { MetricSpec } from "../assignment/index.ts";
import type { Metric } from "../results/results.ts";
import type { Output, ScoreContext, SpecOf } from "./context.ts";
import { scoreDigits } from "./digits.ts";
import { scoreFaces } from "./faces.ts";
import { type FeatureSpec, scoreFeatures } from "./features.ts";
import { metricOf, shareOf } from "./metric.ts";

/** In the order of `specs`. @throws what a metric needs and does not find; the signal's reason */
export async function* score(specs: readonly MetricSpec[], context: ScoreContext): Work<Metric[]> {
  const { output } = context;
  const metrics: Metric[] = [];
  if (output.kind === "images")
    metrics.push(...(yield* scoreFeatures(specs.filter(isFeatureSpec), output, context)));
  for (const spec of specs) {
    if (isFeatureSpec(spec)) continue;
    if (spec.kind === "throughput") metrics.push(throughput(spec, context));
    else if (spec.kind === "label-accuracy") metrics.push(labelAccuracy(spec, ofKind(output, "labels")));
    else if (spec.kind === "face-rate")
      metrics.push(yield* scoreFaces(spec, ofKind(output, "images"), context));
    else metrics.push(...(yield* scoreDigits(spec, ofKind(output, "images"), context)));
  }
  return inOrder(specs, metrics);
}

function isFeatureSpec(spec: MetricSpec): spec is FeatureSpec {
  return spec.kind === "fid" || spec.kind === "kid" || spec.kind === "near-duplicates";
}

/** An assignment whose metrics do not suit its output is refused when it is read. */
function ofKind<Kind extends Output["kind"]>(output: Output, kind: Kind): Extract<Output, { kind: Kind }> {
  if (output.kind === kind) return output as Extract<Output, { kind: Kind }>;
  throw new Error(`A metric of ${kind} was asked of ${output.kind}`);
}

function throughput(spec: SpecOf<"throughput">, { output, run }: ScoreContext): Metric {
  const n = output.kind === "images" ? output.images.entries.length : output.given.length;
  // The machine's speed is no protocol, and yet decides: compare it within one run only.
  return metricOf(spec, { value: n / run.wallSeconds, n, better: "higher", unit: "images/s", protocol: {} });
}

function labelAccuracy(
  spec: SpecOf<"label-accuracy">,
  { given, truth }: Extract<Output, { kind: "labels" }>,
): Metric {
  const n = truth.length;
  const correct = truth.reduce((sum, label, i) => sum + (label === given[i] ? 1 : 0), 0);
  return shareOf(spec, { share: correct / n, n, interval: wilsonInterval(correct, n) }, {});
}

/** Metrics begin with the name of what asked for them. */
function inOrder(specs: readonly MetricSpec[], metrics: readonly Metric[]): Metric[] {
  const place = ({ name }: Metric) =>
    specs.findLastIndex((spec) => name === spec.name || name.startsWith(`${spec.name}_`));
  return [...metrics].sort((a, b) => place(a) - place(b));
}
