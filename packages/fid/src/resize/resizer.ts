/** `createResizer(mode)`: images of any size to the Inception network's input, exactly as the protocol `mode` defines it. */

import { antialias } from "./antialias.ts";
import { clean } from "./clean.ts";
import { InvalidImageError, OutputSizeError, UnknownResizeModeError } from "./errors.ts";
import { EXTRACTOR_SIZE, GROUP, type Protocol, type Taps } from "./protocol.ts";
import { pytorch } from "./pytorch.ts";
import { tensorflow } from "./tensorflow.ts";

/**
 * - `pytorch`: pytorch-fid: bilinear, half-pixel centres, no antialiasing; to [-1, 1].
 * - `clean`: clean-fid: PIL's bicubic with antialiasing, in float32; to [-1, 127/128].
 * - `tensorflow`: torch-fidelity and the original TensorFlow FID: bilinear without half-pixel centres; to [-1, 127/128].
 * - `antialias`: torch's bilinear with antialiasing; to [-1, 1].
 */
export type ResizeMode = "pytorch" | "clean" | "tensorflow" | "antialias";

const PROTOCOLS: Record<ResizeMode, Protocol> = { pytorch, clean, tensorflow, antialias };

export const RESIZE_MODES = Object.keys(PROTOCOLS) as ResizeMode[];

/** RGB. */
export interface RgbImage {
  height: number;
  width: number;
  /** `[height, width, 3]`. */
  data: Uint8Array;
}

/** Numbers of one resized image: 299 x 299 x 3. */
export const RESIZED_LENGTH = EXTRACTOR_SIZE * EXTRACTOR_SIZE * 3;

/**
 * Resizes each of `images` into `out`, `[images.length, 299, 299, 3]`, in the extractor's range; `out` may be longer.
 *
 * @throws InvalidImageError, OutputSizeError
 */
export type Resizer = (images: readonly RgbImage[], out: Float32Array) => void;

const CHANNELS = 3;
const ROW = EXTRACTOR_SIZE * CHANNELS;
/** Folders mostly hold images of one size; beyond this many lengths of axes, taps are computed anew. */
const CACHED_AXES = 64;
/** Resized rows kept beside those that one output row needs: so seldom are they moved. */
const SPARE_ROWS = 64;

/**
 * A resizer keeps the taps of the sizes that it has seen and its scratch rows: make one and use it for all images.
 *
 * @throws UnknownResizeModeError
 */
export function createResizer(mode: ResizeMode): Resizer {
  if (!Object.hasOwn(PROTOCOLS, mode)) throw new UnknownResizeModeError(mode, RESIZE_MODES);
  const protocol = PROTOCOLS[mode];
  const axes = new Map<number, Taps>();
  let line = new Float32Array(0);
  let rows = new Float32Array(0);

  const tapsFor = (size: number): Taps => {
    const known = axes.get(size);
    if (known) return known;
    if (axes.size === CACHED_AXES) axes.clear();
    const taps = protocol.taps(size);
    axes.set(size, taps);
    return taps;
  };

  const resize = ({ height, width, data }: RgbImage, out: Float32Array, offset: number): void => {
    const across = tapsFor(width);
    const down = tapsFor(height);
    const capacity = down.reach + SPARE_ROWS;
    line = atLeast(line, (width + GROUP) * CHANNELS);
    rows = atLeast(rows, (capacity + GROUP) * ROW);
    let origin = 0; // The input row that `rows` begins with.
    let next = 0; // The first input row that has not been resized.
    for (let y = 0; y < EXTRACTOR_SIZE; y++) {
      const first = down.first[y]!;
      const last = down.last[y]!;
      if (last - origin >= capacity) {
        if (next > first) rows.copyWithin(0, (first - origin) * ROW, (next - origin) * ROW);
        origin = first;
      }
      for (next = Math.max(next, first); next <= last; next++) {
        readLine(data, next * width * CHANNELS, width * CHANNELS, protocol.levels, line);
        const row = (next - origin) * ROW;
        for (let x = 0; x < EXTRACTOR_SIZE; x++) {
          protocol.blend(line, 0, across, x, CHANNELS, rows, row + x * CHANNELS);
        }
      }
      const begin = offset + y * ROW;
      protocol.blend(rows, origin, down, y, ROW, out, begin);
      protocol.normalize(out, begin, begin + ROW);
    }
  };

  return (images, out) => {
    if (out.length < images.length * RESIZED_LENGTH) {
      throw new OutputSizeError(images.length, images.length * RESIZED_LENGTH, out.length);
    }
    images.forEach(requireImage);
    images.forEach((image, i) => {
      resize(image, out, i * RESIZED_LENGTH);
    });
  };
}

function atLeast(scratch: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  return scratch.length < length ? new Float32Array(length) : scratch;
}

function readLine(
  data: Uint8Array,
  offset: number,
  length: number,
  levels: Float32Array,
  line: Float32Array,
): void {
  for (let i = 0; i < length; i++) line[i] = levels[data[offset + i]!]!;
}

function requireImage({ height, width, data }: RgbImage, position: number): void {
  const what = `Image ${position}`;
  const isSize = (n: number) => Number.isSafeInteger(n) && n > 0;
  if (!isSize(height) || !isSize(width)) {
    throw new InvalidImageError(
      what,
      "whole numbers of at least 1 as height and width",
      `${height} x ${width}`,
    );
  }
  if (!(data instanceof Uint8Array)) throw new InvalidImageError(what, "a Uint8Array", typeof data);
  if (data.length !== height * width * CHANNELS) {
    throw new InvalidImageError(
      what,
      `${height} x ${width} x ${CHANNELS} = ${height * width * CHANNELS} bytes`,
      `${data.length}`,
    );
  }
}
