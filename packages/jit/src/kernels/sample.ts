/** Images read at places that are not on their grid of pixels. */

import * as tf from "@tensorflow/tfjs";
import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/types.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

/** The pixels [..., channels] of images [batch, height, width, channels] at integer places that broadcast. */
function pixels(g: GraphBuilder, images: Value, n: Value, y: Value, x: Value): Value {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const rows = g.add(g.mul(n, g.fill(height, "int32")), y);
  const places = g.add(g.mul(rows, g.fill(width, "int32")), x);
  const table = g.reshape(images, [batch * height * width, channels]);
  return g.op(
    "Gather",
    [table, places],
    { axis: 0 },
    { dtype: images.dtype, shape: [...places.shape, channels] },
  );
}

interface Coordinates {
  low: Value;
  high: Value;
  /** How far from `low` to `high`. */
  fraction: Value;
  inside: Value;
}

/**
 * For boxes from `start` to `end` ([boxes, 1] each, 0 and 1 being the centres of the first and last of `length` pixels),
 * where the `count` samples lie. start (1 - t) + end t hits both ends exactly in float32, so that a box as large as the
 * image stays inside; tfjs gets there by computing start + i (end - start) / (count - 1) in float64.
 */
function sampleAlong(
  g: GraphBuilder,
  start: Value,
  end: Value,
  length: number,
  count: number,
  method: "bilinear" | "nearest",
): Coordinates {
  const t = Float32Array.from({ length: count }, (_, i) => (count > 1 ? i / (count - 1) : 0.5));
  const weights = (w: Float32Array): Value => g.constant(w, "float32", [count]);
  const along = g.add(g.mul(start, weights(t.map((w) => 1 - w))), g.mul(end, weights(t)));
  const last = g.float(length - 1);
  const exact = g.mul(along, last);
  const inside = g.elementwise(
    "And",
    [
      g.elementwise("GreaterOrEqual", [exact, g.float(0)], "bool"),
      g.elementwise("LessOrEqual", [exact, last], "bool"),
    ],
    "bool",
  );
  const safe = g.where(inside, exact, g.float(0));
  const integer = (x: Value): Value => g.cast(x, "int32");
  if (method === "nearest") {
    // Halves are rounded up, as by Math.round.
    const nearest = integer(g.unary("Floor", g.add(safe, g.float(0.5))));
    return { low: nearest, high: nearest, fraction: g.float(0), inside };
  }
  const low = g.unary("Floor", safe);
  return { low: integer(low), high: integer(g.unary("Ceil", safe)), fraction: g.sub(safe, low), inside };
}

interface CropAttrs {
  cropSize: [number, number];
  method: "bilinear" | "nearest";
  extrapolationValue: number;
}

/** Boxes [boxes, (y1, x1, y2, x2)] cut out of images and resized to [boxes, *cropSize, channels]. */
const cropAndResize: Lowering = (
  { g },
  { image, boxes, boxInd }: Record<string, Value>,
  { cropSize, method, extrapolationValue }: CropAttrs,
) => {
  const images = g.cast(image!, "float32");
  const [batch, height, width] = images.shape as [number, number, number];
  const count = boxes!.shape[0]!;
  const corner = (i: number): Value => g.slice(boxes!, [i], [i + 1], [1]);
  const rows = sampleAlong(g, corner(0), corner(2), height, cropSize[0], method);
  const columns = sampleAlong(g, corner(1), corner(3), width, cropSize[1], method);
  const down = (v: Value): Value => (v.shape.length === 0 ? v : g.reshape(v, [count, cropSize[0], 1]));
  const across = (v: Value): Value => (v.shape.length === 0 ? v : g.reshape(v, [count, 1, cropSize[1]]));
  const exists = g.elementwise("Less", [boxInd!, g.fill(batch, "int32")], "bool");
  const n = g.reshape(g.where(exists, boxInd!, g.fill(0, "int32")), [count, 1, 1]);

  const at = (y: Value, x: Value): Value => pixels(g, images, n, down(y), across(x));
  const channelwise = (v: Value): Value => (v.shape.length === 0 ? v : g.reshape(v, [...v.shape, 1]));
  const lerp = (a: Value, b: Value, t: Value): Value => g.add(a, g.mul(g.sub(b, a), channelwise(t)));
  const sampled =
    method === "nearest"
      ? at(rows.low, columns.low)
      : lerp(
          lerp(at(rows.low, columns.low), at(rows.low, columns.high), across(columns.fraction)),
          lerp(at(rows.high, columns.low), at(rows.high, columns.high), across(columns.fraction)),
          down(rows.fraction),
        ); // [boxes, height, width, channels]
  const inside = g.elementwise("And", [down(rows.inside), across(columns.inside)], "bool");
  const filled = g.where(channelwise(inside), sampled, g.float(extrapolationValue));
  return g.where(g.reshape(exists, [count, 1, 1, 1]), filled, g.float(0));
};

interface RotateAttrs {
  radians: number;
  fillValue: number | [number, number, number];
  center: number | [number, number];
}

/** Each pixel is that of the image turned back by the angle; which one that is, is known before the graph runs. */
const rotateWithOffset: Lowering = ({ g }, { image }: { image: Value }, attrs: RotateAttrs) => {
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const [centerX, centerY] = tf.backend_util.getImageCenter(attrs.center, height, width);
  const [sin, cos] = [Math.sin(attrs.radians), Math.cos(attrs.radians)];
  const places = new Int32Array(height * width);
  const inside = new Uint8Array(height * width);
  for (let i = 0; i < places.length; i++) {
    const [dx, dy] = [(i % width) - centerX, Math.floor(i / width) - centerY];
    const x = Math.round(dx * cos - dy * sin + centerX);
    const y = Math.round(dx * sin + dy * cos + centerY);
    if (x < 0 || x >= width || y < 0 || y >= height) continue;
    inside[i] = 1;
    places[i] = y * width + x;
  }
  const list = g.reshape(image, [batch, height * width, channels]);
  const turned = g.op("Gather", [list, g.constant(places, "int32", [places.length])], { axis: 1 }, list);
  const mask = g.constant(inside, "bool", [inside.length, 1]);
  return g.reshape(g.where(mask, turned, background(g, attrs.fillValue, channels)), image.shape);
};

/** A colour has three channels; the fourth is opacity. */
function background(g: GraphBuilder, fill: RotateAttrs["fillValue"], channels: number): Value {
  if (typeof fill === "number") return g.float(fill);
  const colour = Float32Array.from({ length: channels }, (_, c) => (c === 3 ? 255 : fill[c]!));
  return g.constant(colour, "float32", [channels]);
}

export const sampleKernels: KernelTable = {
  CropAndResize: cropAndResize,
  RotateWithOffset: rotateWithOffset,
};
