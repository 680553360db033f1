/** Pictures that models make, and images that they are trained on. */

export { ImagesError, ImageWriteError, NotFiniteError } from "./errors.ts";
export { type GridOptions, grid } from "./grid.ts";
export { toImages } from "./pixels.ts";
export { encodePng, type SaveOptions, saveImage, saveImages } from "./save.ts";
