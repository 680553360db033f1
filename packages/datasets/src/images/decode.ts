/**
 * PNG, JPEG and WebP to uint8 RGB, to the same values as PIL's `Image.open(file).convert("RGB")`, which pytorch-fid and most
 * graders use: gray is repeated, palettes are looked up, alpha is dropped (not composited), colour profiles, gamma and EXIF
 * orientation are ignored, animations give their first frame. Of 16 bits the high byte is kept, also of 16-bit grayscale,
 * which PIL clips at 255 instead.
 */

import { printable } from "@touchstone/cli";
import sharp, { type Sharp, type SharpOptions } from "sharp";
import { BadFileError } from "../errors.ts";
import type { ProblemKind } from "../problems.ts";
import type { Image, Size } from "../types.ts";
import { describe, formatOf, lacksEnd } from "./format.ts";
import { LIMITS } from "./source.ts";

// "error" accepts what PIL accepts. The default, "warning", also refuses JPEGs with stray bytes that cameras write.
const OPTIONS: SharpOptions = { failOn: "error", ignoreIcc: true, limitInputPixels: false };

// No file is decoded twice: sharp's cache of operations would only hold memory and cost time.
sharp.cache(false);

export interface DecodeOptions {
  /** What messages call the image. */
  name?: string;
  /** Limit of height times width. */
  pixels?: number;
  /** The size the image must have; another one is refused before it is decoded. */
  size?: Size;
}

/**
 * Decodes one image.
 *
 * @throws BadFileError: empty, not-an-image, too-many-pixels, wrong-size, truncated or corrupt
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  const { name = "image", pixels = LIMITS.pixels, size } = options;
  const bad = (kind: ProblemKind, message: string) => new BadFileError({ file: name, kind, message });
  if (bytes.length === 0) throw bad("empty", "expected an image, found 0 bytes");
  const format = formatOf(bytes);
  if (format === undefined) {
    throw bad("not-an-image", `expected PNG, JPEG or WebP, found ${describe(bytes)}`);
  }
  try {
    const { width, height, space } = await sharp(bytes, OPTIONS).metadata();
    if (width * height > pixels) {
      throw bad("too-many-pixels", `expected at most ${pixels} pixels, found ${width}x${height}`);
    }
    if (size && (size.width !== width || size.height !== height)) {
      throw bad("wrong-size", `expected ${size.width}x${size.height} pixels, found ${width}x${height}`);
    }
    const data = await (space === "cmyk"
      ? decodeCmyk(bytes)
      : raw(sharp(bytes, OPTIONS).removeAlpha(), "srgb"));
    return { height, width, channels: 3, data };
  } catch (error) {
    if (error instanceof BadFileError) throw error;
    const reason = printable((error as Error).message.trim().split("\n").at(-1)!);
    throw lacksEnd(format, bytes)
      ? bad("truncated", `expected a whole ${format}, found one that ends early (${reason})`)
      : bad("corrupt", `expected a sound ${format}, found a damaged one (${reason})`);
  }
}

async function raw(image: Sharp, space: "srgb" | "cmyk"): Promise<Uint8Array> {
  const data = await image.toColourspace(space).raw().toBuffer();
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

/** PIL's way, without a colour profile: R = (1 - K)(1 - C), in its integer arithmetic. */
async function decodeCmyk(bytes: Uint8Array): Promise<Uint8Array> {
  const cmyk = await raw(sharp(bytes, OPTIONS).pipelineColourspace("cmyk"), "cmyk");
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = cmyk[from + channel]! * light + 128;
      rgb[to++] = light - (((product >> 8) + product) >> 8); // product / 255, rounded
    }
  }
  return rgb;
}
