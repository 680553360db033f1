/**
 * t-SNE: points in many dimensions as points in the plane, so that the neighbours of each stay its neighbours.
 *
 *     const points = { data: features, count: 2000, dims: 512 };
 *     const work = tsne(points, { generator: generatorFromSeed(0), perplexity: 30 });
 *     const { embedding, klDivergence: kl } = await follow(work, progressRenderer(process.stderr));
 *
 * Every iteration goes over all pairs of points, in WebAssembly, four at a time: for the few thousand points that a plot can
 * show this is faster than approximating the forces by a tree (Barnes and Hut), is exact, and needs no library. All the rest
 * is TypeScript. `pnpm bench tsne` compares it with other programs by time and by the `klDivergence` of their embeddings.
 */

export { klDivergence } from "./divergence.ts";
export * from "./errors.ts";
export type { TsneOptions } from "./options.ts";
export type { Points } from "./points.ts";
export { type TsneResult, tsne } from "./tsne.ts";
export { MAX_POINTS } from "./workspace.ts";
