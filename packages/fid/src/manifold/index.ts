/** Precision and recall, density and coverage; nearest neighbours. */

export { type ManifoldOptions, type ManifoldScores, manifoldScores } from "./manifold.ts";
export { type Neighbours, neighboursIn, neighboursWithin } from "./neighbours.ts";
