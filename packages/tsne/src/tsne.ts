/** t-SNE: from points in many dimensions to points in the plane. */

import { setImmediate as turn } from "node:timers/promises";
import type { Work } from "@touchstone/cli";
import { withAffinities } from "./affinities.ts";
import { descent } from "./descent.ts";
import { divergenceOf } from "./divergence.ts";
import { InvalidOptionError } from "./errors.ts";
import { settingsOf, type TsneOptions } from "./options.ts";
import { checkPoints, type Points } from "./points.ts";
import { placeAtRandom, placeByComponents } from "./start.ts";

export interface TsneResult {
  /** `[count, 2]`, row by row, in the order of the points. */
  embedding: Float32Array;
  /** What was minimised, in nats: comparable only for the same points and perplexity. */
  klDivergence: number;
  /** Fewer than asked for if nothing moved any more. */
  iterations: number;
}

/** The first part of the iterations, in which affinities are exaggerated, and its momentum: as scikit-learn has them. */
const EXAGGERATED_ITERATIONS = 250;
const EXAGGERATED_MOMENTUM = 0.5;
const MOMENTUM = 0.8;
/** Below this norm of the gradient nothing is left to gain; scikit-learn's `min_grad_norm`. */
const LEAST_GRADIENT = 1e-7;
const PROGRESS_EVERY = 10;

/**
 * Embeds `points` in the plane so that the neighbours of each stay its neighbours (van der Maaten and Hinton, "Visualizing Data
 * using t-SNE", JMLR 9 (2008)): the exact gradient over all pairs, at most 10,000 points. Directions, and distances between
 * clusters, mean nothing.
 *
 * The same points, options and generator give the same bytes.
 *
 * @throws InvalidPointsError, InvalidOptionError, TooManyPointsError
 */
export async function* tsne(points: Points, options: TsneOptions): Work<TsneResult> {
  checkPoints(points);
  const settings = settingsOf(options, points.count);
  const { generator, perplexity, iterations, learningRate, earlyExaggeration, init } = settings;
  const total = { label: "t-SNE", total: iterations, unit: "iterations" };
  yield { ...total, done: 0 };
  const workspace = withAffinities(points, perplexity);
  if (init === "pca") placeByComponents(workspace, points.dims, generator);
  else placeAtRandom(workspace, generator);

  const exaggerated = { exaggeration: earlyExaggeration, momentum: EXAGGERATED_MOMENTUM, learningRate };
  const plain = { exaggeration: 1, momentum: MOMENTUM, learningRate };
  let move = descent(workspace);
  let done = 0;
  while (done < iterations) {
    // What exaggeration set going is over with it.
    if (done === EXAGGERATED_ITERATIONS) move = descent(workspace);
    const norm = move(done < EXAGGERATED_ITERATIONS ? exaggerated : plain);
    if (!Number.isFinite(norm)) {
      throw new InvalidOptionError(
        "learningRate",
        "one so small that the embedding stays finite",
        learningRate,
      );
    }
    done++;
    if (done % PROGRESS_EVERY === 0) {
      yield { ...total, done, details: { gradient: norm.toExponential(1) } };
      await turn(); // so that Ctrl-C is heard
    }
    if (norm < LEAST_GRADIENT && done > EXAGGERATED_ITERATIONS) break;
  }
  const embedding = new Float32Array(2 * points.count);
  for (let i = 0; i < points.count; i++) {
    embedding[2 * i] = workspace.x[i]!;
    embedding[2 * i + 1] = workspace.y[i]!;
  }
  return { embedding, klDivergence: divergenceOf(workspace), iterations: done };
}
