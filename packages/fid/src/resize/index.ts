/** From uint8 RGB images of any size to what the Inception network takes. */

export { InvalidImageError, OutputSizeError, UnknownResizeModeError } from "./errors.ts";
export { EXTRACTOR_SIZE } from "./protocol.ts";
export {
  createResizer,
  RESIZE_MODES,
  RESIZED_LENGTH,
  type ResizeMode,
  type Resizer,
  type RgbImage,
} from "./resizer.ts";
