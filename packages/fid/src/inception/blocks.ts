/** The blocks of Inception-v3 (Szegedy et al. 2016, figures 5 to 7 and 10), with torchvision's names. */

import type { Pair } from "@touchstone/nn";

/** `same`: the plane keeps its size. `valid`: without padding. `halve`: without padding, stride 2. */
export type Step = "same" | "valid" | "halve";

/** What the network is written in: read with numbers of channels to say which parameters there are, or with tensors to run it. */
export interface Net<T> {
  /** A convolution with bias, and ReLU. */
  conv(name: string, x: T, channels: number, kernel: Pair, step?: Step): T;
  /** 3 x 3. */
  maxPool(x: T, step: "same" | "halve"): T;
  /** 3 x 3; the mean is that of the pixels within the image. */
  averagePool(x: T): T;
  /** Along the channels. */
  concat(parts: T[]): T;
}

/** 35 x 35. */
export function blockA<T>(net: Net<T>, name: string, x: T, pooled: number): T {
  const five = net.conv(`${name}.branch5x5_1`, x, 48, 1);
  let double = net.conv(`${name}.branch3x3dbl_1`, x, 64, 1);
  double = net.conv(`${name}.branch3x3dbl_2`, double, 96, 3);
  return net.concat([
    net.conv(`${name}.branch1x1`, x, 64, 1),
    net.conv(`${name}.branch5x5_2`, five, 64, 5),
    net.conv(`${name}.branch3x3dbl_3`, double, 96, 3),
    net.conv(`${name}.branch_pool`, net.averagePool(x), pooled, 1),
  ]);
}

/** From 35 x 35 to 17 x 17. */
export function blockB<T>(net: Net<T>, name: string, x: T): T {
  let double = net.conv(`${name}.branch3x3dbl_1`, x, 64, 1);
  double = net.conv(`${name}.branch3x3dbl_2`, double, 96, 3);
  return net.concat([
    net.conv(`${name}.branch3x3`, x, 384, 3, "halve"),
    net.conv(`${name}.branch3x3dbl_3`, double, 96, 3, "halve"),
    net.maxPool(x, "halve"),
  ]);
}

/** 17 x 17: a convolution of 7 x 7 as one along each axis. */
export function blockC<T>(net: Net<T>, name: string, x: T, width: number): T {
  let seven = net.conv(`${name}.branch7x7_1`, x, width, 1);
  seven = net.conv(`${name}.branch7x7_2`, seven, width, [1, 7]);
  let double = net.conv(`${name}.branch7x7dbl_1`, x, width, 1);
  double = net.conv(`${name}.branch7x7dbl_2`, double, width, [7, 1]);
  double = net.conv(`${name}.branch7x7dbl_3`, double, width, [1, 7]);
  double = net.conv(`${name}.branch7x7dbl_4`, double, width, [7, 1]);
  return net.concat([
    net.conv(`${name}.branch1x1`, x, 192, 1),
    net.conv(`${name}.branch7x7_3`, seven, 192, [7, 1]),
    net.conv(`${name}.branch7x7dbl_5`, double, 192, [1, 7]),
    net.conv(`${name}.branch_pool`, net.averagePool(x), 192, 1),
  ]);
}

/** From 17 x 17 to 8 x 8. */
export function blockD<T>(net: Net<T>, name: string, x: T): T {
  const three = net.conv(`${name}.branch3x3_1`, x, 192, 1);
  let seven = net.conv(`${name}.branch7x7x3_1`, x, 192, 1);
  seven = net.conv(`${name}.branch7x7x3_2`, seven, 192, [1, 7]);
  seven = net.conv(`${name}.branch7x7x3_3`, seven, 192, [7, 1]);
  return net.concat([
    net.conv(`${name}.branch3x3_2`, three, 320, 3, "halve"),
    net.conv(`${name}.branch7x7x3_4`, seven, 192, 3, "halve"),
    net.maxPool(x, "halve"),
  ]);
}

/** 8 x 8. @param pooled `x` behind the pool of the last branch */
export function blockE<T>(net: Net<T>, name: string, x: T, pooled: T): T {
  const three = net.conv(`${name}.branch3x3_1`, x, 384, 1);
  let double = net.conv(`${name}.branch3x3dbl_1`, x, 448, 1);
  double = net.conv(`${name}.branch3x3dbl_2`, double, 384, 3);
  return net.concat([
    net.conv(`${name}.branch1x1`, x, 320, 1),
    net.conv(`${name}.branch3x3_2a`, three, 384, [1, 3]),
    net.conv(`${name}.branch3x3_2b`, three, 384, [3, 1]),
    net.conv(`${name}.branch3x3dbl_3a`, double, 384, [1, 3]),
    net.conv(`${name}.branch3x3dbl_3b`, double, 384, [3, 1]),
    net.conv(`${name}.branch_pool`, pooled, 192, 1),
  ]);
}
