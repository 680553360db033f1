/**
 * Does the generator copy its reference, and does it repeat itself? Nearest-neighbour distances of the generated samples, in the
 * reference and among themselves, with the reference's own as the yardstick.
 */

import type { Work } from "@touchstone/cli";
import { type Neighbours, neighboursIn, neighboursWithin } from "../manifold/neighbours.ts";
import { MetricOptionError } from "../samples/errors.ts";
import { requireWhole } from "../samples/options.ts";
import { requireSameDims, requireSamples, type Samples } from "../samples/samples.ts";
import { quantile } from "../samples/summary.ts";

export interface MemorisationOptions {
  /** Names of the samples, such as file names; default their numbers. */
  referenceNames?: readonly string[];
  generatedNames?: readonly string[];
  /** How many of the worst pairs to list. Default 20. */
  worst?: number;
}

/** Of each sample of a set, the distance to its nearest neighbour. */
export interface DistanceSummary {
  smallest: number;
  /** One in a hundred is nearer. */
  percentile1: number;
  median: number;
  largest: number;
}

export interface Memorisation {
  /**
   * Share of the generated samples that are farther from their nearest reference sample than this is from its own nearest neighbour
   * (Alaa et al. 2022, "How Faithful is your Synthetic Data?"). Copies reach 0, samples off the reference's manifold 1.
   */
  authenticity: number;
  /** The same of the reference's samples, each left out of it in turn: what fresh draws from its distribution reach. */
  expectedAuthenticity: number;
  /** From each generated sample to its nearest in the reference. */
  toReference: DistanceSummary;
  /** From each sample of the reference to its nearest other: the yardstick. */
  withinReference: DistanceSummary;
  /** From each generated sample to its nearest other generated one. A set of more samples has smaller distances. */
  withinGenerated: DistanceSummary;
  /** Share of the generated samples whose relative distance (see `CopyPair`) is within the lowest 1 % of the reference's own. */
  copiedShare: number;
  /** Share of the generated samples no farther from another generated one than `withinReference.percentile1`. */
  repeatedShare: number;
  /** Generated samples beside their nearest of the reference, the smallest relative distance first. */
  copies: CopyPair[];
  /** Generated samples beside their nearest other generated one, each pair once, the smallest distance first. */
  repetitions: RepetitionPair[];
}

export interface CopyPair {
  generated: string;
  reference: string;
  distance: number;
  /** `distance` over that from the reference sample to its own nearest neighbour; well under 1 looks copied. */
  relative: number;
}

export interface RepetitionPair {
  first: string;
  second: string;
  distance: number;
}

const DEFAULT_WORST = 20;

/**
 * @param reference, generated features, `[n, dims]`, at least 3 and 2 of them
 * @throws SampleShapeError, TooFewSamplesError, NumberRangeError, MetricOptionError
 */
export async function* memorisation(
  reference: Samples,
  generated: Samples,
  { referenceNames, generatedNames, worst = DEFAULT_WORST }: MemorisationOptions = {},
): Work<Memorisation> {
  requireSamples("Reference features", reference, [3, "to have two neighbours"]);
  requireSamples("Generated features", generated, [2, "to have a neighbour"]);
  requireSameDims(reference, generated);
  const nameReference = namer("referenceNames", referenceNames, reference.count);
  const nameGenerated = namer("generatedNames", generatedNames, generated.count);
  requireWhole("worst", worst, 0);
  const ofReference = yield* neighboursWithin(reference, 2, "neighbours in the reference");
  const ofGenerated = yield* neighboursWithin(generated, 1, "neighbours among the generated");
  const across = yield* neighboursIn(reference, generated, 1, "generated to reference");

  const own = Float64Array.from({ length: reference.count }, (_, i) => nearestBut(ofReference, i, -1));
  const repeated = ofGenerated.squared.map(Math.sqrt);
  const copied = across.squared.map(Math.sqrt);
  const relative = copied.map((distance, i) => ratio(distance, own[across.indices[i]!]!));
  const ownRelative = own.map((distance, i) =>
    ratio(distance, nearestBut(ofReference, ofReference.indices[2 * i]!, i)),
  );
  const copiedUpTo = quantile(ownRelative.toSorted(), 0.01);
  const withinReference = summary(own);

  return {
    authenticity: share(relative, (x) => x > 1),
    expectedAuthenticity: share(ownRelative, (x) => x > 1),
    toReference: summary(copied),
    withinReference,
    withinGenerated: summary(repeated),
    copiedShare: share(relative, (x) => x <= copiedUpTo),
    repeatedShare: share(repeated, (x) => x <= withinReference.percentile1),
    copies: smallestFirst(relative)
      .slice(0, worst)
      .map((i) => ({
        generated: nameGenerated(i),
        reference: nameReference(across.indices[i]!),
        distance: copied[i]!,
        relative: relative[i]!,
      })),
    repetitions: smallestFirst(repeated)
      .filter((i) => !isSecondMention(ofGenerated, i))
      .slice(0, worst)
      .map((i) => ({
        first: nameGenerated(i),
        second: nameGenerated(ofGenerated.indices[i]!),
        distance: repeated[i]!,
      })),
  };
}

function namer(
  option: string,
  names: readonly string[] | undefined,
  count: number,
): (index: number) => string {
  if (names && names.length !== count) {
    throw new MetricOptionError(option, `${count} names, one for each sample`, names.length);
  }
  return (index) => names?.[index] ?? String(index);
}

/** An exact copy is one even where the reference has the sample twice. */
function ratio(distance: number, own: number): number {
  return distance === 0 ? 0 : distance / own;
}

/** From sample i to its nearest, other than `left`, of the two that are known. */
function nearestBut({ squared, indices }: Neighbours, i: number, left: number): number {
  return Math.sqrt(squared[indices[2 * i] === left ? 2 * i + 1 : 2 * i]!);
}

function share(values: Float64Array, test: (value: number) => boolean): number {
  return values.filter(test).length / values.length;
}

function summary(distances: Float64Array): DistanceSummary {
  const sorted = distances.toSorted();
  return {
    smallest: sorted[0]!,
    percentile1: quantile(sorted, 0.01),
    median: quantile(sorted, 0.5),
    largest: sorted.at(-1)!,
  };
}

/** Positions of the values in ascending order; of equal ones in the order in which they stand. */
function smallestFirst(values: Float64Array): number[] {
  return Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
}

/** Whether i and its neighbour are each other's nearest and the neighbour, coming first, has already been listed with i. */
function isSecondMention({ indices }: Neighbours, i: number): boolean {
  const j = indices[i]!;
  return j < i && indices[j] === i;
}
