/** What a resize protocol consists of: every one is separable, first along x, then along y, each result stored as float32. */

/** Side of the image that the Inception network takes. */
export const EXTRACTOR_SIZE = 299;

/** Taps that a filter adds up at once, written out and not as a loop: up to five times faster in V8. */
export const GROUP = 4;

/** The input samples that each output sample is made of, along one axis. */
export interface Taps {
  /** The first and the last input sample that each output sample needs, `[EXTRACTOR_SIZE]`, never decreasing. */
  first: Int32Array;
  last: Int32Array;
  /** How many consecutive input samples, up to `last`, hold all that one output sample needs, at most. */
  reach: number;
}

export interface Protocol<T extends Taps = Taps> {
  /** What byte v is where the arithmetic begins, `[256]`. */
  levels: Float32Array;
  /** For an axis of `size` input samples. */
  taps(size: number): T;
  /**
   * Output sample `i` of one axis, for `stride` neighbours along the other at once (the 3 channels of a pixel, or a whole row):
   * `out[offset + c]` from `source[(j - origin) * stride + c]`, where j runs over the taps of i. Behind the last sample, `source`
   * has `GROUP` more that are finite.
   */
  blend(
    source: Float32Array,
    origin: number,
    taps: T,
    i: number,
    stride: number,
    out: Float32Array,
    offset: number,
  ): void;
  /** Brings `out[begin ... end - 1]` to the extractor's range. */
  normalize(out: Float32Array, begin: number, end: number): void;
}

/** ToTensor's levels: v / 255. */
export const UNIT_LEVELS = Float32Array.from({ length: 256 }, (_, v) => v / 255);
export const BYTE_LEVELS = Float32Array.from({ length: 256 }, (_, v) => v);

/** 2 x - 1, in float32. */
export function unitToSymmetric(out: Float32Array, begin: number, end: number): void {
  for (let i = begin; i < end; i++) out[i] = 2 * out[i]! - 1;
}

/** (x - 128) / 128, in float32. */
export function byteToSymmetric(out: Float32Array, begin: number, end: number): void {
  for (let i = begin; i < end; i++) out[i] = (out[i]! - 128) / 128;
}
