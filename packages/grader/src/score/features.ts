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
  METRICS,
  type MetricName,
  openExtractor,
  PartialWeightsError,
  STATE_DICT_NAME,
} from "@touchstone/fid";
import { generatorFromSeed } from "@touchstone/nn";
import { recordKey } from "../records/index.ts";
import type { Metric } from "../results/results.ts";
import type { Output, ScoreContext, SpecOf } from "./context.ts";
import { MissingReferenceError } from "./errors.ts";
import { metricOf, missing, reasonOf } from "./metric.ts";

export type FeatureSpec = SpecOf<"fid" | "kid" | "near-duplicates">;

type Images = Extract<Output, { kind: "images" }>;

interface FeatureContext extends ScoreContext {
  images: Images["images"];
  /** Features of the output, by protocol: computed once, whatever the options that led to it. */
  generated: Map<string, FeatureSet>;
}

/** The stream that `pnpm fid` draws KID's subsets from: the same seed gives the same value. */
const KID_STREAM = 1;

/** What the weights at hand allow where those of the 2,048 features are incomplete. */
const PARTIAL_DIMS = 768;

/**
 * The metrics of each of `specs`, by its name. One whose extractor or reference is not there is null and says why; the others are computed
 * all the same.
 *
 * @throws the signal's reason
 */
export async function* scoreFeatures(
  specs: readonly FeatureSpec[],
  { images }: Images,
  context: ScoreContext,
): Work<Map<string, Metric[]>> {
  const shared = { ...context, images, generated: new Map<string, FeatureSet>() };
  const metrics = new Map<string, Metric[]>();
  for (const group of bySpace(specs)) {
    for (const [name, found] of yield* scoreSpace(group, shared)) metrics.set(name, found);
  }
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

type Scored = [name: string, metrics: Metric[]][];

async function* scoreSpace(specs: FeatureSpec[], context: FeatureContext): Work<Scored> {
  let extractor: Extractor;
  try {
    extractor = yield* open(specs[0]!, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (error instanceof PartialWeightsError && specs[0]!.dims !== PARTIAL_DIMS)
      return yield* scorePartial(specs, context);
    return specs.map((spec) => [spec.name, [missing(spec, "lower", reasonOf(error), "passing")]]);
  }
  try {
    return yield* scoreIn(extractor, specs, context);
  } finally {
    await extractor.dispose();
  }
}

/** Another metric under another name beside the one that is missing: nothing that was meant for FID is judged by it. */
async function* scorePartial(specs: FeatureSpec[], context: FeatureContext): Work<Scored> {
  const partial = specs.map((spec) => ({
    ...spec,
    name: `${spec.name}_${PARTIAL_DIMS}`,
    label:
      spec.kind === "fid"
        ? named(spec.label, `FID-${PARTIAL_DIMS}`)
        : `${spec.label}, ${PARTIAL_DIMS} features`,
    dims: PARTIAL_DIMS as typeof PARTIAL_DIMS,
    baselines: {},
  }));
  const found = yield* scoreSpace(partial, context);
  const why =
    `the weights at hand are incomplete and suffice for ${PARTIAL_DIMS} features; ` +
    `for all of them, TOUCHSTONE_INCEPTION names pytorch-fid's ${STATE_DICT_NAME}`;
  return specs.map((spec, i) => [spec.name, [missing(spec, "lower", why, "lasting"), ...found[i]![1]]]);
}

function open(
  { extractor, dims, resize }: FeatureSpec,
  { device, offline, signal, references }: ScoreContext,
): Work<Extractor> {
  return openExtractor({
    extractor: /\.onnx$/i.test(extractor) ? references.file(extractor) : extractor,
    ...(dims !== undefined && { dims }),
    ...(resize !== undefined && { resize }),
    device,
    offline,
    ...(signal && { signal }),
  });
}

/** The references first: without them there is nothing to compute. */
async function* scoreIn(extractor: Extractor, specs: FeatureSpec[], context: FeatureContext): Work<Scored> {
  const { signal } = context;
  const scored: Scored = [];
  for (const spec of specs) {
    try {
      const reference = yield* context.references.features(spec.reference, extractor, signal);
      const generated = yield* featuresOf(extractor, context);
      scored.push([spec.name, [yield* scoreOne(spec, reference, generated, context)]]);
    } catch (error) {
      signal?.throwIfAborted();
      // Nobody has the private set but who grades: without it, its metrics were not asked for.
      const isOmitted = "given" in spec.reference && !context.references.has(spec.reference);
      const fault = isOmitted ? undefined : "lasting";
      scored.push([spec.name, [missing(spec, "lower", reasonOf(error), fault)]]);
    }
  }
  return scored;
}

async function* featuresOf(extractor: Extractor, context: FeatureContext): Work<FeatureSet> {
  const { images, generated, signal } = context;
  const protocol = recordKey({ ...extractor.protocol });
  const known = generated.get(protocol);
  if (known) return known;
  const options = signal ? { signal } : {};
  const checked = yield* checkImages(images, { mixedSizes: true, skipCorrupt: true, ...options });
  const set = yield* extractFeatures(checked, extractor, { keepFeatures: true, ...options });
  generated.set(protocol, set);
  return set;
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
    const possible = (["fid", "interval", "infinity"] as const).filter(
      (metric) => n >= METRICS[metric].generated.atLeast[0],
    );
    const { distance, interval, infinity } = yield* compared(possible);
    const name = distanceName(reference.fingerprint);
    return metricOf(
      { name: spec.name, label: named(spec.label, name) },
      {
        value: distance!.distance,
        ...(interval && { interval: around(distance!.distance, interval) }),
        ...(infinity && { byCount: infinity.points.map(({ n, score }) => ({ n, value: score })) }),
        n,
        better: "lower",
        protocol,
      },
    );
  }
  if (spec.kind === "kid") {
    const { subsets, subsetSize } = spec;
    const { features } = reference;
    if (!features)
      throw new MissingReferenceError(reference.path, "features of every image", "statistics alone");
    const result = yield* kid(features, generated.features!, {
      generator: generator.split(KID_STREAM),
      ...(subsets !== undefined && { subsets }),
      ...(subsetSize !== undefined && { subsetSize }),
    });
    const used = { ...protocol, subsets: result.subsets, subsetSize: result.subsetSize };
    return metricOf(spec, { value: result.mean, n, better: "lower", protocol: used });
  }
  const { memorisation } = yield* compared(["copies"]);
  return metricOf(spec, { value: memorisation!.repeatedShare, n, better: "lower", unit: "share", protocol });
}

/** A label that begins with FID says how many features it is of. */
const named = (label: string, distance: string) => label.replace(/^FID(-\d+)?/, distance);

/** The noise that the choice of these images gives the distance, around the distance itself: it keeps its bias. */
function around(value: number, { low, high }: JackknifeInterval): readonly [number, number] {
  const half = (high - low) / 2;
  return [Math.max(0, value - half), value + half];
}

function protocolOf({ fingerprint }: FeatureSet, seed: number): Metric["protocol"] {
  const { n, filesSha256, ...space } = fingerprint!;
  return { ...space, reference: filesSha256, referenceImages: n, seed };
}
