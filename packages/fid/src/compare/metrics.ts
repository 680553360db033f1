/** The metrics of a comparison: what each takes of the two sets. */

import type { FeatureSet } from "../sets/index.ts";
import { MetricUnavailableError } from "./errors.ts";

export type MetricName = "fid" | "kid" | "is" | "pr" | "dc" | "copies" | "interval" | "infinity";
export type Role = "reference" | "generated";

/** What a metric takes of one set. */
interface Share {
  /** Mean and covariance, the features of every image, or its logits. */
  of: "statistics" | "features" | "logits";
  /** Images there must be, and what for. */
  atLeast: readonly [number, string];
}

interface Needs {
  title: string;
  /** Absent of metrics of the generated set alone. */
  reference?: Share;
  generated: Share;
}

const statistics: Share = { of: "statistics", atLeast: [2, "for a covariance"] };
const features = (atLeast: number, why: string): Share => ({ of: "features", atLeast: [atLeast, why] });

export const METRICS: Record<MetricName, Needs> = {
  fid: { title: "Frechet distance", reference: statistics, generated: statistics },
  kid: {
    title: "Kernel Inception Distance",
    reference: features(2, "for pairs of them"),
    generated: features(2, "for pairs of them"),
  },
  is: {
    title: "Inception Score, of the generated images alone",
    generated: { of: "logits", atLeast: [10, "for 10 splits"] },
  },
  pr: {
    title: "precision and recall",
    reference: features(4, "for 3 neighbours"),
    generated: features(4, "for 3 neighbours"),
  },
  dc: {
    title: "density and coverage",
    reference: features(6, "for 5 neighbours"),
    generated: features(2, "to have a neighbour"),
  },
  copies: {
    title: "copies and repetitions",
    reference: features(3, "for two neighbours"),
    generated: features(2, "to have a neighbour"),
  },
  interval: {
    title: "interval of the distance",
    reference: statistics,
    generated: features(5, "for groups of them"),
  },
  infinity: {
    title: "distance at infinite n",
    reference: statistics,
    generated: features(40, "for several sizes"),
  },
};

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** What is known of a set, or can be had of its images. */
export type Holdings = Pick<FeatureSet, "path"> & { features: boolean; logits: boolean };

export function holdingsOf({ path, features, logits }: FeatureSet): Holdings {
  return { path, features: features !== undefined, logits: logits !== undefined };
}

const EXPECTED = {
  features: ["images, or statistics that hold all features", "mean and covariance only"],
  logits: ["images, of which the network gives logits", "none"],
} as const;

/** @throws MetricUnavailableError if `metric` needs more than there is of the two sets */
export function requireMetric(
  metric: MetricName,
  reference: Holdings | undefined,
  generated: Holdings,
): void {
  const needs = METRICS[metric];
  if (needs.reference && !reference) {
    throw new MetricUnavailableError(metric, generated.path, "a reference to compare it with", "it alone");
  }
  for (const [share, set] of [
    [needs.reference, reference],
    [needs.generated, generated],
  ] as const) {
    if (!share || !set || share.of === "statistics" || set[share.of]) continue;
    const [expected, found] = EXPECTED[share.of];
    throw new MetricUnavailableError(metric, set.path, expected, found);
  }
}

/** How many images `metrics` need of a set, and what for. At least those for its statistics, which every set has. */
export function imagesNeeded(metrics: readonly MetricName[], role: Role): readonly [number, string] {
  const shares = [statistics, ...metrics.flatMap((name) => METRICS[name][role] ?? [])];
  return shares.map(({ atLeast }) => atLeast).sort((a, b) => b[0] - a[0])[0]!;
}
