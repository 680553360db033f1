/** From two paths to a comparison: what is known of the sets is checked before any image is read, and every image before the network runs. */

import type { Work } from "@touchstone/cli";
import { generatorFromSeed } from "@touchstone/nn";
import { type Comparison, compare, METRICS, type MetricName, type Precision } from "../compare/index.ts";
import { imagesNeeded, type Role } from "../compare/metrics.ts";
import { type Extractor, type ExtractorOptions, openExtractor } from "../extractors/index.ts";
import {
  type CheckedImages,
  type CheckOptions,
  checkImages,
  extractFeatures,
  type FeatureSet,
  type OpenedSet,
  openSet,
} from "../sets/index.ts";
import { neededSides, requireMetrics, requireSameSpace, type Side } from "./sides.ts";

export interface RunOptions
  extends ExtractorOptions,
    Pick<CheckOptions, "limit" | "skipCorrupt" | "mixedSizes"> {
  /** Default `fid`, and `kid` where both are images; of a single set none. */
  metrics?: readonly MetricName[];
  /** Of the Frechet distance; default `float64`. */
  precision?: Precision;
  recursive?: boolean;
  force?: boolean;
  seed: number;
  /** Keep the features of every image of A, whatever the metrics need. */
  keepFeatures?: boolean;
  /** Told what A came to as soon as it is there: what has been computed should not be lost. A is computed for it where no metric needs it. */
  onFirst?: (set: FeatureSet) => Promise<void>;
}

/** Of each set what was computed: a set that no metric takes anything of is absent. */
export interface Result extends Partial<Record<Role, FeatureSet>> {
  /** Absent of a single set without metrics. */
  comparison?: Comparison;
}

/**
 * @param paths the reference, and what is compared with it; or a set alone, whose features are wanted or which is scored by metrics that
 *   take no reference
 * @throws what opening, checking, extracting and comparing throw; the signal's reason
 */
export async function* runComparison(paths: readonly string[], options: RunOptions): Work<Result> {
  const opened: OpenedSet[] = [];
  let extractor: Extractor | undefined;
  try {
    for (const path of paths) opened.push(await openSet(path, { recursive: options.recursive ?? false }));
    const metrics = options.metrics ?? defaultMetrics(opened);
    const sides = neededSides(opened, metrics, options.onFirst !== undefined);
    requireMetrics(sides, metrics, options);
    if (sides.some(({ opened }) => opened.kind === "images")) {
      const logits = metrics.some((name) => METRICS[name].generated.of === "logits");
      extractor = yield* openExtractor({ ...options, ...(logits && { logits }) });
    }
    requireSameSpace(sides, extractor?.protocol, options);

    const checked: (CheckedImages | FeatureSet)[] = [];
    for (const side of sides) checked.push(yield* known(side, metrics, options));

    const sets: Partial<Record<Role, FeatureSet>> = {};
    for (const [index, side] of sides.entries()) {
      const found = checked[index]!;
      const keepFeatures = needsFeatures(side, metrics, options);
      const set =
        "statistics" in found
          ? found
          : yield* extractFeatures(found, extractor!, { ...options, keepFeatures });
      sets[side.role] = set;
      if (side.isFirst) await options.onFirst?.(set);
    }
    const { reference, generated } = sets;
    if (!generated) return sets;
    const generator = generatorFromSeed(options.seed);
    return { ...sets, comparison: yield* compare(reference, generated, { ...options, metrics, generator }) };
  } finally {
    await extractor?.dispose();
    for (const set of opened) if (set.kind === "images") await set.source.close();
  }
}

function defaultMetrics(opened: readonly OpenedSet[]): MetricName[] {
  if (opened.length < 2) return [];
  return opened.every(({ kind }) => kind === "images") ? ["fid", "kid"] : ["fid"];
}

async function* known({ role, opened }: Side, metrics: readonly MetricName[], options: RunOptions) {
  if (opened.kind === "features") return opened.set;
  return yield* checkImages(opened.source, { ...options, atLeast: imagesNeeded(metrics, role) });
}

/** Whether the features of single images are kept. */
function needsFeatures(
  { role, isFirst }: Side,
  metrics: readonly MetricName[],
  { keepFeatures = false }: RunOptions,
): boolean {
  return (keepFeatures && isFirst) || metrics.some((name) => METRICS[name][role]?.of === "features");
}
