/** Metrics of features: FID and other Frechet distances, KID, near duplicates. One pass over the images for each feature space. */

import type { Work } from "@touchstone/cli";
import {
  checkImages,
  compare,
  distanceName,
  type Extractor,
  extractFeatures,
  type FeatureSet,
  type JackknifeInterval,
  kid,
  type MetricName,
  openExtractor,
  PartialWeightsError,
} from "@touchstone/fid";
import { generatorFromSeed } from "@touchstone/nn";
import type { Metric } from "../results/results.ts";
import type { Output, ScoreContext, SpecOf } from "./context.ts";
import { metricOf, missing } from "./metric.ts";

export type FeatureSpec = SpecOf<"fid" | "kid" | "near-duplicates">;

type Images = Extract<Output, { kind: "images" }>;

/** What the weights at hand allow where those of the 2,048 features are incomplete. */
const PARTIAL_DIMS = 768;

/**
 * A metric whose extractor or reference is not there is null and says why; the others are computed all the same.
 *
 * @throws the signal's reason
 */
export async function* scoreFeatures(
  specs: readonly FeatureSpec[],
  images: Images,
  context: ScoreContext,
): Work<Metric[]> {
  const metrics: Metric[] = [];
  for (const group of bySpace(specs)) metrics.push(...(yield* scoreSpace(group, images, context)));
  return metrics;
}

function bySpace(specs: readonly FeatureSpec[]): FeatureSpec[][] {
  const groups = new Map<string, FeatureSpec[]>();
  for (const spec of specs) {
    const space = JSON.stringify([spec.extractor, spec.dims, spec.resize]);
    groups.set(space, [...(groups.get(space) ?? []), spec]);
  }
  return [...groups.values()];
}

async function* scoreSpace(specs: FeatureSpec[], images: Images, context: ScoreContext): Work<Metric[]> {
  let extractor: Extractor;
  try {
    extractor = yield* open(specs[0]!, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!(error instanceof PartialWeightsError) || specs[0]!.dims === PARTIAL_DIMS) {
      return specs.map((spec) => missing(spec, "lower", reason(error)));
    }
    // Another metric under another name: nothing that was meant for FID is judged by it.
    const partial = specs.map((spec) => ({
      ...spec,
      name: `${spec.name}_${PARTIAL_DIMS}`,
      dims: PARTIAL_DIMS as 768,
      baselines: {},
    }));
    const why = "the weights at hand are incomplete: see the value of 768 features";
    return [
      ...specs.map((spec) => missing(spec, "lower", why)),
      ...(yield* scoreSpace(partial, images, context)),
    ];
  }
  try {
    return yield* scoreIn(extractor, specs, images, context);
  } finally {
    await extractor.dispose();
  }
}

function open(
  { extractor, dims, resize }: FeatureSpec,
  { device, offline, signal }: ScoreContext,
): Work<Extractor> {
  return openExtractor({
    extractor,
    ...(dims !== undefined && { dims }),
    ...(resize !== undefined && { resize }),
    device,
    offline,
    ...(signal && { signal }),
  });
}

async function* scoreIn(
  extractor: Extractor,
  specs: FeatureSpec[],
  { images }: Images,
  context: ScoreContext,
): Work<Metric[]> {
  const { signal, references } = context;
  const options = signal ? { signal } : {};
  const checked = yield* checkImages(images, { mixedSizes: true, skipCorrupt: true, ...options });
  const generated = yield* extractFeatures(checked, extractor, { keepFeatures: true, ...options });
  const metrics: Metric[] = [];
  for (const spec of specs) {
    try {
      const reference = yield* references.features(spec.reference, extractor, signal);
      metrics.push(yield* scoreOne(spec, reference, generated, context));
    } catch (error) {
      signal?.throwIfAborted();
      metrics.push(missing(spec, "lower", reason(error)));
    }
  }
  return metrics;
}

async function* scoreOne(
  spec: FeatureSpec,
  reference: FeatureSet,
  generated: FeatureSet,
  { seed }: ScoreContext,
): Work<Metric> {
  const protocol = protocolOf(reference, seed);
  const n = generated.features!.count;
  const generator = generatorFromSeed(seed);
  const compared = (metrics: MetricName[]) => compare(reference, generated, { metrics, generator });
  if (spec.kind === "fid") {
    const { distance, interval } = yield* compared(["fid", "interval"]);
    const name = distanceName(reference.fingerprint);
    return metricOf(
      { name: spec.name, label: spec.label.replace(/^FID/, name) },
      {
        value: distance!.distance,
        interval: around(distance!.distance, interval!),
        n,
        better: "lower",
        protocol,
      },
    );
  }
  if (spec.kind === "kid") {
    const { subsets, subsetSize } = spec;
    const result = yield* kid(reference.features!, generated.features!, {
      generator: generator.split("kid"),
      ...(subsets !== undefined && { subsets }),
      ...(subsetSize !== undefined && { subsetSize }),
    });
    const used = { ...protocol, subsets: result.subsets, subsetSize: result.subsetSize };
    return metricOf(spec, { value: result.mean, n, better: "lower", protocol: used });
  }
  const { memorisation } = yield* compared(["copies"]);
  return metricOf(spec, { value: memorisation!.repeatedShare, n, better: "lower", unit: "share", protocol });
}

/** The noise that the choice of these images gives the distance, around the distance itself: it keeps its bias. */
function around(value: number, { low, high }: JackknifeInterval): readonly [number, number] {
  const half = (high - low) / 2;
  return [Math.max(0, value - half), value + half];
}

function protocolOf({ fingerprint }: FeatureSet, seed: number): Metric["protocol"] {
  const { n, filesSha256, ...space } = fingerprint!;
  return { ...space, reference: filesSha256, referenceImages: n, seed };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
