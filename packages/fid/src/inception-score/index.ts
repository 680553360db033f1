/** The Inception Score. */

export { type InceptionScore, type InceptionScoreOptions, inceptionScore } from "./inception-score.ts";
