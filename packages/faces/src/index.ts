/**
 * Faces in images: where they are, and 128 numbers that describe each. The networks' weights are those of the npm package
 * `@vladmandic/face-api` (MIT), so nothing is downloaded; `jit` runs them.
 *
 *     const detector = await openFaceDetector();
 *     const { rate, counts } = faceRate(await detector.detect(images)); // the share of images with exactly one face
 *     await detector.dispose();
 *
 *     const embedding = await openFaceEmbedding();
 *     const { features } = await embedding.extract(images); // [n, 128]
 */

export type { Box, Face } from "./detector/boxes.ts";
export { type FaceRate, faceRate } from "./detector/face-rate.ts";
export {
  type FaceDetector,
  type FaceDetectorOptions,
  type FaceDetectorProtocol,
  openFaceDetector,
} from "./detector/open-face-detector.ts";
export {
  type FaceEmbedding,
  type FaceEmbeddingOptions,
  openFaceEmbedding,
} from "./embedding/open-face-embedding.ts";
export * from "./errors.ts";
export type { RgbImage } from "./images/rgb-image.ts";
