/** The metrics of a comparison: what each takes of the two sets. */

import type { FeatureSet } from "../sets/index.ts";
import { MetricUnavailableError } from "./errors.ts";

export type MetricName = "fid" | "kid" | "is" | "pr" | "dc" | "copies" | "interval" | "infinity";

interface Needs {
  title: string;
  /** Features of single images: of both sets, of the generated, or of none. */
  features: "both" | "generated" | "none";
  logits?: true;
  /** Images of each side, and what for. */
  atLeast: readonly [number, string];
}

export const METRICS: Record<MetricName, Needs> = {
  fid: { title: "Frechet distance", features: "none", atLeast: [2, "for a covariance"] },
  kid: { title: "Kernel Inception Distance", features: "both", atLeast: [2, "for pairs of them"] },
  is: { title: "Inception Score", features: "none", logits: true, atLeast: [10, "for 10 splits"] },
  pr: { title: "precision and recall", features: "both", atLeast: [4, "for 3 neighbours"] },
  dc: { title: "density and coverage", features: "both", atLeast: [6, "for 5 neighbours"] },
  copies: { title: "copies and repetitions", features: "both", atLeast: [3, "for two neighbours"] },
  interval: { title: "interval of the distance", features: "generated", atLeast: [5, "for groups of them"] },
  infinity: { title: "distance at infinite n", features: "generated", atLeast: [40, "for several sizes"] },
};

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** @throws MetricUnavailableError if `metric` needs more than is known of the two sets */
export function requireMetric(metric: MetricName, reference: FeatureSet, generated: FeatureSet): void {
  const { features, logits } = METRICS[metric];
  const needed = features === "both" ? [reference, generated] : features === "generated" ? [generated] : [];
  for (const set of needed) {
    if (!set.features) {
      throw new MetricUnavailableError(
        metric,
        set.path,
        "images, or statistics that hold all features",
        "mean and covariance only",
      );
    }
  }
  if (logits && !generated.logits) {
    throw new MetricUnavailableError(
      metric,
      generated.path,
      "images, of which the network gives logits",
      "none",
    );
  }
}
