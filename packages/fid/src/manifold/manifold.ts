/**
 * Do the generated samples lie where the reference's do, and do they cover them? Precision and recall (Kynkaanniemi et al. 2019,
 * "Improved Precision and Recall Metric for Assessing Generative Models", eq. 1 and 2), density and coverage (Naeem et al. 2020,
 * "Reliable Fidelity and Diversity Metrics for Generative Models", eq. 3 and 4), from one pass over all pairs.
 *
 * A set's manifold is the union of balls around its samples, each reaching to the sample's k-th nearest other sample. On a ball's
 * surface the papers' programs differ, and so does this: precision and recall count it as inside (as torch-fidelity does), density and
 * coverage do not (as the `prdc` package does).
 */

import type { Work } from "@touchstone/cli";
import { requireSameDims, requireSamples, type Samples } from "../samples/samples.ts";
import { mean } from "../samples/summary.ts";
import { type DistanceBlock, distanceBlocks, squaredDistance } from "./distances.ts";
import { type Neighbours, neighboursWithin, requireNeighbours } from "./neighbours.ts";

export interface ManifoldOptions {
  /** k of precision and recall; false leaves the two out. Default 3. */
  precisionRecallNeighbours?: number | false;
  /** k of density and coverage; false leaves the two out. Default 5. */
  densityCoverageNeighbours?: number | false;
}

export interface PrecisionRecall {
  /** Share of the generated samples inside the reference's manifold. */
  precision: number;
  /** Share of the reference's samples inside the generated manifold. */
  recall: number;
  precisionRecallNeighbours: number;
}

export interface DensityCoverage {
  /** Reference balls that a generated sample lies in, on average, over k: 0 to about 1, more where it keeps to the densest places. */
  density: number;
  /** Share of the reference's balls with a generated sample inside. */
  coverage: number;
  densityCoverageNeighbours: number;
}

/** Those that were asked for. */
export type ManifoldScores = Partial<PrecisionRecall & DensityCoverage>;

/**
 * Time grows with (generated + reference)^2; memory holds one block of 1,024 x 4,096 distances.
 *
 * @param reference, generated features, `[n, dims]`: more of each than k of precision and recall, and more of the reference than that of
 *   density and coverage
 * @throws SampleShapeError, TooFewSamplesError, NumberRangeError, MetricOptionError
 */
export async function* manifoldScores(
  reference: Samples,
  generated: Samples,
  { precisionRecallNeighbours = 3, densityCoverageNeighbours = 5 }: ManifoldOptions = {},
): Work<ManifoldScores> {
  requireSamples("Reference features", reference, [2, "to have a neighbour"]);
  requireSamples("Generated features", generated, [2, "to have a neighbour"]);
  requireSameDims(reference, generated);
  const [pr, dc] = [precisionRecallNeighbours, densityCoverageNeighbours];
  if (pr !== false) {
    requireNeighbours("precisionRecallNeighbours", pr, Math.min(reference.count, generated.count) - 1);
  }
  if (dc !== false) requireNeighbours("densityCoverageNeighbours", dc, reference.count - 1);

  const most = Math.max(pr || 0, dc || 0);
  const ofReference = yield* neighboursWithin(reference, most, "neighbours in the reference");
  const tally = new Tally(reference, generated, {
    precision: pr === false ? noBalls(reference) : radii(ofReference, pr),
    recall:
      pr === false
        ? noBalls(generated)
        : radii(yield* neighboursWithin(generated, pr, "neighbours among the generated"), pr),
    density: dc === false ? noBalls(reference) : radii(ofReference, dc),
  });
  for await (const block of distanceBlocks(generated, reference)) {
    tally.add(block);
    const done = block.columns.end === reference.count ? block.rows.end : block.rows.begin;
    yield { label: "generated to reference", done, total: generated.count, unit: "samples" };
  }
  return {
    ...(pr !== false && {
      precision: mean(tally.precise),
      recall: mean(tally.recalled),
      precisionRecallNeighbours: pr,
    }),
    ...(dc !== false && {
      density: tally.inBalls / (dc * generated.count),
      coverage: mean(tally.covered),
      densityCoverageNeighbours: dc,
    }),
  };
}

/** Squared radii of the balls. */
interface Radii {
  /** Around the reference's samples, `[reference]`. */
  precision: Float64Array;
  /** Around the generated samples, `[generated]`. */
  recall: Float64Array;
  /** Around the reference's samples, `[reference]`. */
  density: Float64Array;
}

/** What the pairs seen so far have shown. */
class Tally {
  readonly precise: Uint8Array;
  readonly recalled: Uint8Array;
  readonly covered: Uint8Array;
  /** Pairs of a generated sample and a ball of density that it lies in. */
  inBalls = 0;
  private readonly reference: Samples;
  private readonly generated: Samples;
  private readonly radii: Radii;
  /** No generated sample beyond it is in a ball of the reference's, `[reference]`. */
  private readonly reach: Float64Array;

  constructor(reference: Samples, generated: Samples, radii: Radii) {
    this.reference = reference;
    this.generated = generated;
    this.radii = radii;
    this.precise = new Uint8Array(generated.count);
    this.recalled = new Uint8Array(reference.count);
    this.covered = new Uint8Array(reference.count);
    this.reach = radii.precision.map((r, j) => Math.max(r, radii.density[j]!));
  }

  add({ rows, columns, products, rowBounds, columnBounds }: DistanceBlock): void {
    const { reach } = this;
    const { recall } = this.radii;
    let at = 0;
    for (let i = rows.begin; i < rows.end; i++) {
      for (let j = columns.begin; j < columns.end; j++) {
        const product = products[at++]!;
        const lower = rowBounds.lower[i]! + columnBounds.lower[j]! - 2 * product;
        if (lower > reach[j]! && lower > recall[i]!) continue;
        this.judge(i, j, lower, rowBounds.upper[i]! + columnBounds.upper[j]! - 2 * product);
      }
    }
  }

  /** A pair whose squared distance is between `lower` and `upper`. */
  private judge(i: number, j: number, lower: number, upper: number): void {
    const { precision, recall, density } = this.radii;
    const exact = () => squaredDistance(this.generated, i, this.reference, j);
    const within = (radius: number) => lower <= radius && (upper <= radius || exact() <= radius);
    const strictlyWithin = (radius: number) => lower < radius && (upper < radius || exact() < radius);
    if (!this.precise[i] && within(precision[j]!)) this.precise[i] = 1;
    if (!this.recalled[j] && within(recall[i]!)) this.recalled[j] = 1;
    if (strictlyWithin(density[j]!)) {
      this.inBalls++;
      this.covered[j] = 1;
    }
  }
}

function radii({ squared, k }: Neighbours, neighbours: number): Float64Array {
  return Float64Array.from({ length: squared.length / k }, (_, i) => squared[i * k + neighbours - 1]!);
}

/** Radii of balls that nothing lies in. */
function noBalls({ count }: Samples): Float64Array {
  return new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
}
