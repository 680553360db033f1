/** `score(specs, context)`: the metrics that an assignment asks for, of output that has passed its checks. */

import type { Work } from "@touchstone/cli";
import { wilsonInterval } from "@touchstone/digit-classifier";
import type { MetricSpec } from "../assignment/index.ts";
import type { Metric } from "../results/results.ts";
import type { Output, ScoreContext, SpecOf } from "./context.ts";
import { scoreDigits } from "./digits.ts";
import { scoreFaces } from "./faces.ts";
import { type FeatureSpec, scoreFeatures } from "./features.ts";
import { metricOf, missing, reasonOf, shareOf } from "./metric.ts";

/**
 * The metrics of each of `specs`, by its name and in their order. What cannot be computed is null and says why; the others are computed all
 * the same.
 *
 * @throws the signal's reason
 */
export async function* score(
  specs: readonly MetricSpec[],
  context: ScoreContext,
): Work<Map<string, Metric[]>> {
  const { output } = context;
  const ofFeatures =
    output.kind === "images"
      ? yield* scoreFeatures(specs.filter(isFeatureSpec), output, context)
      : new Map<string, Metric[]>();
  const metrics = new Map<string, Metric[]>();
  for (const spec of specs) {
    metrics.set(
      spec.name,
      isFeatureSpec(spec) ? (ofFeatures.get(spec.name) ?? []) : yield* scoreOne(spec, context),
    );
  }
  return metrics;
}

function isFeatureSpec(spec: MetricSpec): spec is FeatureSpec {
  return spec.kind === "fid" || spec.kind === "kid" || spec.kind === "near-duplicates";
}

async function* scoreOne(spec: Exclude<MetricSpec, FeatureSpec>, context: ScoreContext): Work<Metric[]> {
  const { output } = context;
  if (spec.kind === "throughput") return [throughput(spec, context)];
  if (spec.kind === "label-accuracy") return [labelAccuracy(spec, ofKind(output, "labels"))];
  const images = ofKind(output, "images");
  try {
    if (spec.kind === "face-rate") return [yield* scoreFaces(spec, images, context)];
    return yield* scoreDigits(spec, images, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    return [missing(spec, "higher", reasonOf(error), "passing")];
  }
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
