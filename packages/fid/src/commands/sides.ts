/** The sets of a comparison as they were opened: whether the metrics can be had of them is known before any image is read. */

import {
  type Holdings,
  holdingsOf,
  imagesNeeded,
  METRICS,
  type MetricName,
  type Role,
  requireMetric,
} from "../compare/metrics.ts";
import { DimensionMismatchError } from "../frechet/index.ts";
import { type CheckOptions, mostImages, requireImages } from "../sets/check-images.ts";
import type { OpenedSet } from "../sets/index.ts";
import { type Protocol, requireSameProtocol } from "../stats-file/index.ts";

export interface Side {
  role: Role;
  /** The first that was named, which is the one that is saved. */
  isFirst: boolean;
  opened: OpenedSet;
}

/**
 * Those that something is computed of: the first of two only where a metric takes a reference, or it is saved. A single set is what the
 * metrics score; without metrics it is a reference that is saved.
 *
 * @param opened one or two
 */
export function neededSides(
  opened: readonly OpenedSet[],
  metrics: readonly MetricName[],
  isSaved: boolean,
): Side[] {
  const isCompared = metrics.some((name) => METRICS[name].reference);
  const [first, second] = opened as [OpenedSet, OpenedSet?];
  if (!second)
    return [{ role: metrics.length > 0 ? "generated" : "reference", isFirst: true, opened: first }];
  const generated: Side = { role: "generated", isFirst: false, opened: second };
  return isCompared || isSaved
    ? [{ role: "reference", isFirst: true, opened: first }, generated]
    : [generated];
}

/** @throws MetricUnavailableError, SetTooSmallError */
export function requireMetrics(
  sides: readonly Side[],
  metrics: readonly MetricName[],
  options: CheckOptions,
): void {
  const holdings = (wanted: Role) => sides.filter(({ role }) => role === wanted).map(holdingsOfSide)[0];
  for (const metric of metrics) requireMetric(metric, holdings("reference"), holdings("generated")!);
  for (const { role, opened } of sides) {
    const count = opened.kind === "images" ? mostImages(opened.source, options) : opened.set.statistics.n;
    if (count !== undefined) requireImages(pathOf(opened), count, imagesNeeded(metrics, role));
  }
}

/**
 * @param protocol of the features that images will get
 * @throws UnlikeProtocolsError, DimensionMismatchError
 */
export function requireSameSpace(
  sides: readonly Side[],
  protocol: Protocol | undefined,
  options: { force?: boolean },
): void {
  if (sides.length < 2) return;
  const [a, b] = sides.map(({ opened }) =>
    opened.kind === "images"
      ? { path: pathOf(opened), protocol, dims: protocol!.dims }
      : { path: pathOf(opened), protocol: opened.set.fingerprint, dims: opened.set.statistics.dims },
  ) as [Space, Space];
  requireSameProtocol(a.protocol, b.protocol, options);
  if (a.dims !== b.dims) throw new DimensionMismatchError([a.path, b.path], a.dims, b.dims);
}

interface Space {
  path: string;
  protocol: Protocol | undefined;
  dims: number;
}

const pathOf = (opened: OpenedSet) => (opened.kind === "images" ? opened.source.path : opened.set.path);

/** Of images, a network gives whatever a metric needs. */
function holdingsOfSide({ opened }: Side): Holdings {
  if (opened.kind === "features") return holdingsOf(opened.set);
  return { path: pathOf(opened), features: true, logits: true };
}
