// The class-conditional diffusion UNet for 28x28 RGB digits (4,561,027 parameters) and its training step.
import * as tf from "@tensorflow/tfjs";
import { gelu } from "@touchstone/jit";
import { groupNorm, layerNorm, linear, selfAttention, silu, timeEmbedding, upsample2x } from "./ops.ts";
import { type Params, param } from "./params.ts";
import { type AdamOptions, type AdamState, adam, valueAndGradients } from "./train.ts";
import { EMBEDDING, HEADS } from "./unet-specs.ts";

export const UNET_ADAMW: AdamOptions = {
  learningRate: 3e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
};

export interface UnetInput {
  /** Noised images. */
  x: tf.Tensor4D; // [b, 28, 28, 3]
  /** Diffusion times, 0 ... T - 1, as floats. */
  t: tf.Tensor1D; // [b]
  /** One-hot digits. */
  labels: tf.Tensor2D; // [b, 10]
}

/** The noise in x, [b, 28, 28, 3]. */
export function unet(params: Params, { x, t, labels }: UnetInput): tf.Tensor4D {
  const label = tf.matMul(labels, param<tf.Tensor2D>(params, "label_emb.weight")); // [b, 256]
  const embedding = silu(tf.add(timeEmbedding(t, EMBEDDING), label)) as tf.Tensor2D; // [b, 256]; every block starts by SiLU

  const x1 = doubleConv(params, "inc", x); // [b, 28, 28, 64]
  const x2 = attention(params, "sa1", down(params, "down1", x1, embedding)); // [b, 14, 14, 128]
  const x3 = attention(params, "sa2", down(params, "down2", x2, embedding)); // [b, 7, 7, 128]
  const mid = doubleConv(params, "bot2", doubleConv(params, "bot1", x3)); // [b, 7, 7, 128]
  const y2 = attention(params, "sa3", up(params, "up1", mid, x2, embedding)); // [b, 14, 14, 64]
  const y1 = attention(params, "sa4", up(params, "up2", y2, x1, embedding)); // [b, 28, 28, 64]
  return tf.add(tf.conv2d(y1, param(params, "outc.weight"), 1, "same"), param(params, "outc.bias")); // [b, 28, 28, 3]
}

/** Conv, GroupNorm, GELU, conv, GroupNorm; `residual` adds the input and a GELU. */
function doubleConv(params: Params, name: string, x: tf.Tensor4D, residual = false): tf.Tensor4D {
  const conv = (i: number, y: tf.Tensor4D) =>
    tf.conv2d(y, param<tf.Tensor4D>(params, `${name}.double_conv.${i}.weight`), 1, "same");
  const norm = (i: number, y: tf.Tensor4D) =>
    groupNorm(
      y,
      1,
      param(params, `${name}.double_conv.${i}.weight`),
      param(params, `${name}.double_conv.${i}.bias`),
    );
  const y = norm(4, conv(3, gelu(norm(1, conv(0, x))))); // [b, h, w, out]
  return residual ? gelu(tf.add(x, y)) : y;
}

function embed(params: Params, name: string, embedding: tf.Tensor2D): tf.Tensor {
  const y = linear(
    embedding,
    param(params, `${name}.emb_layer.1.weight`),
    param(params, `${name}.emb_layer.1.bias`),
  );
  return tf.reshape(y, [y.shape[0] ?? 0, 1, 1, -1]); // [b, 1, 1, out]
}

function down(params: Params, name: string, x: tf.Tensor4D, embedding: tf.Tensor2D): tf.Tensor4D {
  const halved = tf.maxPool(x, 2, 2, "valid"); // [b, h/2, w/2, in]
  const y = doubleConv(
    params,
    `${name}.maxpool_conv.2`,
    doubleConv(params, `${name}.maxpool_conv.1`, halved, true),
  );
  return tf.add(y, embed(params, name, embedding)); // [b, h/2, w/2, out]
}

function up(
  params: Params,
  name: string,
  x: tf.Tensor4D,
  skip: tf.Tensor4D,
  embedding: tf.Tensor2D,
): tf.Tensor4D {
  const joined = tf.concat([skip, upsample2x(x)], 3); // [b, 2h, 2w, skip + in]
  const y = doubleConv(params, `${name}.conv.1`, doubleConv(params, `${name}.conv.0`, joined, true));
  return tf.add(y, embed(params, name, embedding)); // [b, 2h, 2w, out]
}

function attention(params: Params, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [b, h, w, c] = x.shape;
  const p = <T extends tf.Tensor>(part: string) => param<T>(params, `${name}.${part}`);
  const tokens = tf.reshape(x, [b, h * w, c]) as tf.Tensor3D; // [b, t, c]
  const mixed = selfAttention(layerNorm(tokens, p("ln.weight"), p("ln.bias")), HEADS, {
    qkvWeight: p("mha.in_proj_weight"),
    qkvBias: p("mha.in_proj_bias"),
    outWeight: p("mha.out_proj.weight"),
    outBias: p("mha.out_proj.bias"),
  }); // [b, t, c]
  const y = tf.add(tokens, mixed); // [b, t, c]
  const hidden = linear(
    layerNorm(y, p("ff_self.0.weight"), p("ff_self.0.bias")),
    p("ff_self.1.weight"),
    p("ff_self.1.bias"),
  );
  const fed = linear(gelu(hidden), p("ff_self.3.weight"), p("ff_self.3.bias")); // [b, t, c]
  return tf.reshape(tf.add(y, fed), [b, h, w, c]);
}

export interface UnetState {
  params: Params;
  adam: AdamState;
}

/** One AdamW step on the squared error of the predicted noise. */
export function unetStep(
  state: UnetState,
  batch: UnetInput & { noise: tf.Tensor4D },
): { state: UnetState; loss: tf.Scalar } {
  const { loss, gradients } = valueAndGradients(
    (params) => tf.mean<tf.Scalar>(tf.square(tf.sub(unet(params, batch), batch.noise))),
    state.params,
  );
  return { state: adam(state.params, gradients, state.adam, UNET_ADAMW), loss };
}
