/** From two paths to a comparison: what is known of each set is checked before any network runs. */

import type { Work } from "@touchstone/cli";
import { generatorFromSeed } from "@touchstone/nn";
import { type Comparison, compare, METRICS, type MetricName, type Precision } from "../compare/index.ts";
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

export interface RunOptions
  extends ExtractorOptions,
    Pick<CheckOptions, "limit" | "skipCorrupt" | "mixedSizes"> {
  /** Default `fid`, and `kid` where both are images. */
  metrics?: readonly MetricName[];
  /** Of the Frechet distance; default `float64`. */
  precision?: Precision;
  recursive?: boolean;
  force?: boolean;
  seed: number;
  /** Keep the features of every image of A, whatever the metrics need. */
  keepFeatures?: boolean;
  /** Told each set's features as soon as they are there: what has been computed should not be lost. */
  onFeatures?: (set: FeatureSet, index: number) => Promise<void>;
}

export interface Result {
  sets: FeatureSet[];
  /** Absent of a single set. */
  comparison?: Comparison;
}

/**
 * @param paths the reference, and what is compared with it
 * @throws what opening, checking, extracting and comparing throw; the signal's reason
 */
export async function* runComparison(paths: readonly string[], options: RunOptions): Work<Result> {
  const opened: OpenedSet[] = [];
  let extractor: Extractor | undefined;
  try {
    for (const path of paths) opened.push(await openSet(path, { recursive: options.recursive ?? false }));
    const areImages = opened.length === 2 && opened.every(({ kind }) => kind === "images");
    const metrics = options.metrics ?? (areImages ? ["fid", "kid"] : ["fid"]);

    const checked: (CheckedImages | FeatureSet)[] = [];
    for (const set of opened) checked.push(yield* known(set, metrics, options));

    const sets: FeatureSet[] = [];
    for (const [index, set] of checked.entries()) {
      if ("statistics" in set) {
        sets.push(set);
      } else {
        extractor ??= yield* openExtractor({
          ...options,
          ...(metrics.includes("is") && { logits: true }),
        });
        sets.push(
          yield* extractFeatures(set, extractor, {
            ...options,
            keepFeatures: needed(metrics, index, options),
          }),
        );
      }
      await options.onFeatures?.(sets[index]!, index);
    }
    const [reference, generated] = sets;
    if (!generated) return { sets };
    const generator = generatorFromSeed(options.seed);
    return { sets, comparison: yield* compare(reference!, generated, { ...options, metrics, generator }) };
  } finally {
    await extractor?.dispose();
    for (const set of opened) if (set.kind === "images") await set.source.close();
  }
}

async function* known(set: OpenedSet, metrics: readonly MetricName[], options: RunOptions) {
  if (set.kind === "features") return set.set;
  const needs = metrics.map((name) => METRICS[name].atLeast).sort((a, b) => b[0] - a[0]);
  return yield* checkImages(set.source, { ...options, atLeast: needs[0]! });
}

/** Whether the features of single images are kept. */
function needed(
  metrics: readonly MetricName[],
  index: number,
  { keepFeatures = false }: RunOptions,
): boolean {
  if (keepFeatures && index === 0) return true;
  return metrics.some((name) => {
    const { features } = METRICS[name];
    return features === "both" || (features === "generated" && index === 1);
  });
}
