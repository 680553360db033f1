// The FID Inception-v3: TensorFlow's 2015-12-05 graph to its 2,048 pooled features, batch norm folded into the convolutions.
// Average pools leave the padding out of the mean, and the last block's pool is a max pool: where torchvision's differs.
import * as tf from "@tensorflow/tfjs";
import { type ParamSpec, type Params, param } from "./params.ts";

export const INCEPTION_SIDE = 299;

/** What the network is written in: read once with shapes for its parameters, or with tensors to run it. */
interface Net<T> {
  /** Convolution + bias + ReLU. */
  conv(name: string, x: T, out: number, kernel: Kernel, stride?: number, pad?: Pad): T;
  /** 3x3. */
  maxPool(x: T, stride: number, pad: Pad): T;
  /** 3x3, stride 1. */
  averagePool(x: T): T;
  concat(parts: T[]): T;
}
type Pad = "same" | "valid";
type Kernel = number | [height: number, width: number];

function network<T>(net: Net<T>, image: T): T {
  let x = net.conv("Conv2d_1a_3x3", image, 32, 3, 2, "valid");
  x = net.conv("Conv2d_2a_3x3", x, 32, 3, 1, "valid");
  x = net.conv("Conv2d_2b_3x3", x, 64, 3);
  x = net.maxPool(x, 2, "valid");
  x = net.conv("Conv2d_3b_1x1", x, 80, 1);
  x = net.conv("Conv2d_4a_3x3", x, 192, 3, 1, "valid");
  x = net.maxPool(x, 2, "valid");
  x = blockA(net, "Mixed_5b", x, 32);
  x = blockA(net, "Mixed_5c", x, 64);
  x = blockA(net, "Mixed_5d", x, 64);
  x = blockB(net, "Mixed_6a", x);
  x = blockC(net, "Mixed_6b", x, 128);
  x = blockC(net, "Mixed_6c", x, 160);
  x = blockC(net, "Mixed_6d", x, 160);
  x = blockC(net, "Mixed_6e", x, 192);
  x = blockD(net, "Mixed_7a", x);
  x = blockE(net, "Mixed_7b", x, net.averagePool(x));
  return blockE(net, "Mixed_7c", x, net.maxPool(x, 1, "same"));
}

function blockA<T>(net: Net<T>, name: string, x: T, pooled: number): T {
  const b5 = net.conv(`${name}.branch5x5_2`, net.conv(`${name}.branch5x5_1`, x, 48, 1), 64, 5);
  let b3 = net.conv(`${name}.branch3x3dbl_1`, x, 64, 1);
  b3 = net.conv(`${name}.branch3x3dbl_2`, b3, 96, 3);
  b3 = net.conv(`${name}.branch3x3dbl_3`, b3, 96, 3);
  const pool = net.conv(`${name}.branch_pool`, net.averagePool(x), pooled, 1);
  return net.concat([net.conv(`${name}.branch1x1`, x, 64, 1), b5, b3, pool]);
}

function blockB<T>(net: Net<T>, name: string, x: T): T {
  let dbl = net.conv(`${name}.branch3x3dbl_1`, x, 64, 1);
  dbl = net.conv(`${name}.branch3x3dbl_2`, dbl, 96, 3);
  dbl = net.conv(`${name}.branch3x3dbl_3`, dbl, 96, 3, 2, "valid");
  return net.concat([net.conv(`${name}.branch3x3`, x, 384, 3, 2, "valid"), dbl, net.maxPool(x, 2, "valid")]);
}

function blockC<T>(net: Net<T>, name: string, x: T, width: number): T {
  let b7 = net.conv(`${name}.branch7x7_1`, x, width, 1);
  b7 = net.conv(`${name}.branch7x7_2`, b7, width, [1, 7]);
  b7 = net.conv(`${name}.branch7x7_3`, b7, 192, [7, 1]);
  let dbl = net.conv(`${name}.branch7x7dbl_1`, x, width, 1);
  dbl = net.conv(`${name}.branch7x7dbl_2`, dbl, width, [7, 1]);
  dbl = net.conv(`${name}.branch7x7dbl_3`, dbl, width, [1, 7]);
  dbl = net.conv(`${name}.branch7x7dbl_4`, dbl, width, [7, 1]);
  dbl = net.conv(`${name}.branch7x7dbl_5`, dbl, 192, [1, 7]);
  const pool = net.conv(`${name}.branch_pool`, net.averagePool(x), 192, 1);
  return net.concat([net.conv(`${name}.branch1x1`, x, 192, 1), b7, dbl, pool]);
}

function blockD<T>(net: Net<T>, name: string, x: T): T {
  const b3 = net.conv(`${name}.branch3x3_2`, net.conv(`${name}.branch3x3_1`, x, 192, 1), 320, 3, 2, "valid");
  let b7 = net.conv(`${name}.branch7x7x3_1`, x, 192, 1);
  b7 = net.conv(`${name}.branch7x7x3_2`, b7, 192, [1, 7]);
  b7 = net.conv(`${name}.branch7x7x3_3`, b7, 192, [7, 1]);
  b7 = net.conv(`${name}.branch7x7x3_4`, b7, 192, 3, 2, "valid");
  return net.concat([b3, b7, net.maxPool(x, 2, "valid")]);
}

function blockE<T>(net: Net<T>, name: string, x: T, pooled: T): T {
  const fork = (prefix: string, y: T) => [
    net.conv(`${name}.${prefix}a`, y, 384, [1, 3]),
    net.conv(`${name}.${prefix}b`, y, 384, [3, 1]),
  ];
  const b3 = net.conv(`${name}.branch3x3_1`, x, 384, 1);
  const dbl = net.conv(`${name}.branch3x3dbl_2`, net.conv(`${name}.branch3x3dbl_1`, x, 448, 1), 384, 3);
  const pool = net.conv(`${name}.branch_pool`, pooled, 192, 1);
  return net.concat([
    net.conv(`${name}.branch1x1`, x, 320, 1),
    ...fork("branch3x3_2", b3),
    ...fork("branch3x3dbl_3", dbl),
    pool,
  ]);
}

/** Features [b, 2048] of x [b, side, side, 3], in the range the weights were trained for. */
export function inception(params: Params, x: tf.Tensor4D): tf.Tensor2D {
  const net: Net<tf.Tensor4D> = {
    conv(name, y, _out, _kernel, stride = 1, pad = "same") {
      const z = tf.conv2d(y, param<tf.Tensor4D>(params, `${name}.conv.weight`), stride, pad); // [b, h, w, out]
      return tf.relu(tf.add(z, param(params, `${name}.conv.bias`)));
    },
    maxPool: (y, stride, pad) => tf.maxPool(y, 3, stride, pad),
    averagePool: (y) => tf.avgPool(y, 3, 1, "same"),
    concat: (parts) => tf.concat(parts, 3),
  };
  return tf.mean(network(net, x), [1, 2]); // [b, 2048]
}

interface Map {
  side: number;
  channels: number;
}

/** The parameters, each convolution with its uses for an image of `side` pixels. */
export function inceptionSpecs(side = INCEPTION_SIDE): ParamSpec[] {
  const specs: ParamSpec[] = [];
  const shrink = (x: Map, k: number, stride: number, pad: Pad) =>
    pad === "same" ? Math.ceil(x.side / stride) : Math.floor((x.side - k) / stride) + 1;
  const net: Net<Map> = {
    conv(name, x, channels, kernel, stride = 1, pad = "same") {
      const [kh, kw] = typeof kernel === "number" ? [kernel, kernel] : kernel;
      const out = { side: shrink(x, kh, stride, pad), channels };
      specs.push({ name: `${name}.conv.weight`, shape: [kh, kw, x.channels, channels], uses: out.side ** 2 });
      specs.push({ name: `${name}.conv.bias`, shape: [channels], uses: 0 });
      return out;
    },
    maxPool: (x, stride, pad) => ({ ...x, side: shrink(x, 3, stride, pad) }),
    averagePool: (x) => x,
    concat: (parts) => ({
      side: parts[0]?.side ?? 0,
      channels: parts.reduce((sum, part) => sum + part.channels, 0),
    }),
  };
  network(net, { side, channels: 3 });
  return specs;
}
