/** What an image file really is, by its content, beyond its pixels. */

import sharp from "sharp";

export interface Look {
  format: "png" | "jpeg" | "webp";
  /** Gray alone. */
  gray: boolean;
  alpha: boolean;
  palette: boolean;
  /** More than 8 bits for each channel. */
  deep: boolean;
  /** Several images in one file. */
  animated: boolean;
}

/** Undefined of what is no such image, or too damaged to tell: decoding says why. */
export async function lookAt(bytes: Uint8Array): Promise<Look | undefined> {
  try {
    const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
    const { format, space, hasAlpha, depth, isPalette = false, pages = 1 } = metadata;
    if (format !== "png" && format !== "jpeg" && format !== "webp") return undefined;
    return {
      format,
      gray: space === "b-w" || space === "grey16",
      alpha: hasAlpha,
      palette: isPalette,
      deep: depth === "ushort",
      animated: pages > 1 || (format === "png" && hasChunkBeforePixels(bytes, "acTL")),
    };
  } catch {
    return undefined;
  }
}

const SIGNATURE_BYTES = 8;

/** An animated PNG has this chunk before its first IDAT; libvips shows its first frame, and nothing of the others. */
function hasChunkBeforePixels(bytes: Uint8Array, wanted: string): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = SIGNATURE_BYTES; at + 8 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const type = file.toString("latin1", at + 4, at + 8);
    if (type === wanted) return true;
    if (type === "IDAT") return false;
  }
  return false;
}
