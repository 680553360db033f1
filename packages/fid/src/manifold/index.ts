/** Precision and recall, density and coverage; nearest neighbours. */

export {
  type DensityCoverage,
  type ManifoldOptions,
  type ManifoldScores,
  manifoldScores,
  type PrecisionRecall,
} from "./manifold.ts";
export { type Neighbours, neighboursIn, neighboursWithin } from "./neighbours.ts";
