/** Two sets compared by several metrics: the reference first, the generated second. */

import type { Work } from "@touchstone/cli";
import type { Generator } from "@touchstone/nn";
import {
  type DeviceOptions,
  type Float32Distance,
  type FrechetDistance,
  frechetDistance,
  frechetDistanceFloat32,
} from "../frechet/index.ts";
import { type InceptionScore, inceptionScore } from "../inception-score/index.ts";
import { type Kid, kid } from "../kid/index.ts";
import { type ManifoldScores, manifoldScores } from "../manifold/index.ts";
import { type Memorisation, memorisation } from "../memorisation/index.ts";
import {
  type JackknifeInterval,
  jackknife,
  type ScoreAtInfinity,
  scoreAtInfinity,
} from "../resampling/index.ts";
import { selectSamples } from "../samples/index.ts";
import type { FeatureSet } from "../sets/index.ts";
import { type Statistics, statisticsOf } from "../statistics/index.ts";
import { requireSameProtocol } from "../stats-file/index.ts";
import { holdingsOf, type MetricName, requireMetric } from "./metrics.ts";

/** In which arithmetic the Frechet distance is computed: in float64 on the CPU, in float32 on a device, or both. */
export const PRECISIONS = ["float64", "float32", "both"] as const;
export type Precision = (typeof PRECISIONS)[number];

export interface CompareOptions extends DeviceOptions {
  metrics: readonly MetricName[];
  /** Each metric draws from a generator of its own, split from this one: its value does not depend on which others are asked for. */
  generator: Generator;
  /** Compare sets of unlike protocols all the same. */
  force?: boolean;
  /** Of `fid`; default `float64`. Intervals and limits of the distance are in float64 all the same. */
  precision?: Precision;
}

export interface Comparison {
  distance?: FrechetDistance;
  /** The distance in float32, and where the one in float64 is there too, by how much it is larger. */
  float32?: Float32Distance & { difference?: number };
  kid?: Kid;
  /** Of the generated set. */
  inceptionScore?: InceptionScore;
  /** Precision and recall, density and coverage: the pairs that were asked for. */
  manifold?: ManifoldScores;
  memorisation?: Memorisation;
  /** Of the distance, for the choice of the generated images; the reference is taken as it is. */
  interval?: JackknifeInterval;
  /** The distance of infinitely many generated images. */
  infinity?: ScoreAtInfinity;
}

/** Streams of random numbers; a metric keeps its own. */
const STREAM = { kid: 1, inceptionScore: 2, interval: 3, infinity: 4 };

/** The smallest set of `infinity`'s, as a share of all. */
const SMALLEST_SHARE = 0.1;

/**
 * @param reference may be left out where all metrics are of the generated set alone
 * @throws UnlikeProtocolsError, MetricUnavailableError, and what the metrics throw
 */
export async function* compare(
  reference: FeatureSet | undefined,
  generated: FeatureSet,
  { metrics, generator, force = false, precision = "float64", device, threads }: CompareOptions,
): Work<Comparison> {
  requireSameProtocol(reference?.fingerprint, generated.fingerprint, { force });
  for (const metric of metrics) {
    requireMetric(metric, reference && holdingsOf(reference), holdingsOf(generated));
  }
  const has = (metric: MetricName) => metrics.includes(metric);
  const options = {
    names: [reference?.path ?? "", generated.path] as const,
    ...(device !== undefined && { device }),
    ...(threads !== undefined && { threads }),
  };
  const distanceTo = async (statistics: Statistics) =>
    frechetDistance(reference!.statistics, statistics, options);
  const result: Comparison = {};

  if (has("fid") && precision !== "float32") {
    yield { label: "Frechet distance", done: 0, total: 1, unit: "distances" };
    result.distance = await distanceTo(generated.statistics);
  }
  if (has("fid") && precision !== "float64") {
    const found = yield* frechetDistanceFloat32(reference!.statistics, generated.statistics, options);
    const { distance } = result;
    result.float32 = { ...found, ...(distance && { difference: found.distance - distance.distance }) };
  }
  const [a, b] = [reference?.features, generated.features];
  if (has("kid")) result.kid = yield* kid(a!, b!, { generator: generator.split(STREAM.kid) });
  if (has("is")) {
    result.inceptionScore = inceptionScore(generated.logits!, {
      generator: generator.split(STREAM.inceptionScore),
    });
  }
  if (has("pr") || has("dc")) {
    result.manifold = yield* manifoldScores(a!, b!, {
      ...(!has("pr") && { precisionRecallNeighbours: false }),
      ...(!has("dc") && { densityCoverageNeighbours: false }),
    });
  }
  if (has("copies")) {
    result.memorisation = yield* memorisation(a!, b!, {
      ...(reference!.names && { referenceNames: reference!.names }),
      ...(generated.names && { generatedNames: generated.names }),
    });
  }
  const ofSubset = async (indices: Int32Array) =>
    (await distanceTo(statisticsOf(selectSamples(b!, indices)))).distance;
  if (has("interval")) {
    result.interval = yield* jackknife(b!.count, ofSubset, { generator: generator.split(STREAM.interval) });
  }
  if (has("infinity")) {
    const { count } = b!;
    result.infinity = yield* scoreAtInfinity((n, draw) => ofSubset(draw.permutation(count).slice(0, n)), {
      generator: generator.split(STREAM.infinity),
      smallest: Math.max(2, Math.ceil(SMALLEST_SHARE * count)),
      largest: count,
    });
  }
  return result;
}
