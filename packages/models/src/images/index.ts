/** Pictures that models make, and images that they are trained on. */

export { ImagesError, ImageWriteError, NotFiniteError, OtherImageError } from "./errors.ts";
export { type GridOptions, grid } from "./grid.ts";
export { missingImages } from "./missing.ts";
export { type Origin, originOf } from "./origin.ts";
export { toImages } from "./pixels.ts";
export { collect, type NamedImage, type Sampled, type Sampling } from "./sampled.ts";
export { encodePng, saveImage, saveImages } from "./save.ts";
