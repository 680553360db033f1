/** Augmentation of digits on the host: each image moved, turned, stretched and coloured anew for every batch it is in. */

import type { Generator } from "@touchstone/nn";
import { SIDE } from "./model.ts";

/** No brightness, contrast or tint among them: the network's first layer takes those away. */
export interface Augmentation {
  /** Radians, either way. */
  turn: number;
  /** Larger or smaller by a factor of up to 1 + zoom. */
  zoom: number;
  /** Wider or narrower, against the height, by a factor of up to 1 + stretch. */
  stretch: number;
  /** Pixels, either way, along each axis. */
  shift: number;
  /** Each colour is brought towards its gray by up to this share, in [0, 1]. */
  fade: number;
  /** Brightnesses, in [0, 1], are raised to a power from 1 / (1 + gamma) to 1 + gamma. */
  gamma: number;
  /** The probability of a negative, in [0, 1]. */
  invert: number;
}

/** The images as they are. */
export const NO_AUGMENTATION: Augmentation = {
  turn: 0,
  zoom: 0,
  stretch: 0,
  shift: 0,
  fade: 0,
  gamma: 0,
  invert: 0,
};

/** As much as handwriting varies: for a target of centred digits, white on black, such as USPS. */
export const HANDWRITING: Augmentation = {
  turn: 0.2,
  zoom: 0.3,
  stretch: 0.2,
  shift: 2,
  fade: 1,
  gamma: 0,
  invert: 0,
};

/** As house numbers vary, dark on light or light on dark: for SVHN. */
export const HOUSE_NUMBERS: Augmentation = {
  turn: 0.25,
  zoom: 0.4,
  stretch: 0.3,
  shift: 3,
  fade: 1,
  gamma: 0.5,
  invert: 0.5,
};

const PIXELS = SIDE * SIDE * 3;

/**
 * Images as the network takes them, flat: [b, 28, 28, 3], in [-1, 1]. Bilinear; beyond the edges their last pixels go on. The same
 * generator gives the same images, and each depends on its place in the batch alone.
 *
 * @param images uint8 RGB, [b, 28, 28, 3]
 */
export function augment(images: Uint8Array, generator: Generator, options: Augmentation): Float32Array {
  const count = images.length / PIXELS;
  const draw = (what: string) => generator.split(what).uniform(count);
  /** Uniform, either way of 0. */
  const about = (what: string, range: number) => draw(what).map((u) => range * (2 * u - 1));
  /** As likely a factor as its inverse. */
  const factor = (what: string, range: number) => about(what, Math.log1p(range)).map(Math.exp);
  const [turn, zoom] = [about("turn", options.turn), factor("zoom", options.zoom)];
  const stretch = factor("stretch", Math.sqrt(1 + options.stretch) - 1);
  const [right, down] = [about("right", options.shift), about("down", options.shift)];
  const [fade, gamma, coin] = [draw("fade"), factor("gamma", options.gamma), draw("invert")];

  const out = new Float32Array(images.length);
  for (let i = 0; i < count; i++) {
    const [from, to] = [i * PIXELS, (i + 1) * PIXELS];
    const image = out.subarray(from, to);
    const [cos, sin] = [Math.cos(turn[i]!) / zoom[i]!, Math.sin(turn[i]!) / zoom[i]!];
    // The inverse map: where in the original a pixel comes from.
    const [wide, tall] = [1 / stretch[i]!, stretch[i]!];
    const map = { xx: wide * cos, xy: wide * sin, yx: -tall * sin, yy: tall * cos };
    move(images.subarray(from, to), image, map, right[i]!, down[i]!);
    color(image, options.fade * fade[i]!, gamma[i]!, coin[i]! < options.invert);
  }
  return out;
}

const MIDDLE = (SIDE - 1) / 2;

/** The image after an affine map about its middle and a shift, 0 to 255. */
function move(
  image: Uint8Array,
  out: Float32Array,
  map: { xx: number; xy: number; yx: number; yy: number },
  right: number,
  down: number,
): void {
  const clamp = (v: number) => Math.min(Math.max(v, 0), SIDE - 1);
  for (let row = 0, at = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, at += 3) {
      const [dx, dy] = [column - MIDDLE - right, row - MIDDLE - down];
      const x = clamp(MIDDLE + map.xx * dx + map.xy * dy);
      const y = clamp(MIDDLE + map.yx * dx + map.yy * dy);
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [u, v] = [x - left, y - top];
      const here = 3 * (top * SIDE + left);
      const [next, below] = [left < SIDE - 1 ? 3 : 0, top < SIDE - 1 ? 3 * SIDE : 0];
      for (let channel = 0; channel < 3; channel++) {
        const from = here + channel;
        const above = image[from]! * (1 - u) + image[from + next]! * u;
        const under = image[from + below]! * (1 - u) + image[from + below + next]! * u;
        out[at + channel] = above * (1 - v) + under * v;
      }
    }
  }
}

/** From 0 ... 255 to [-1, 1], its colours faded, its brightnesses raised to a power, inverted. In place. */
function color(image: Float32Array, fade: number, gamma: number, isInverted: boolean): void {
  const sign = isInverted ? -1 : 1;
  for (let at = 0; at < PIXELS; at += 3) {
    const gray = (image[at]! + image[at + 1]! + image[at + 2]!) / 3;
    for (let channel = at; channel < at + 3; channel++) {
      const value = image[channel]! + fade * (gray - image[channel]!);
      const raised = gamma === 1 ? value / 255 : (value / 255) ** gamma;
      image[channel] = sign * (2 * raised - 1);
    }
  }
}
