import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { explicitPadding, floats, runs } from "./arbitrary.ts";

type Image = tf.Tensor4D;
type Pair = [number, number];
type Pad = "valid" | "same" | number | tf.backend_util.ExplicitPadding;
type Format = "NHWC" | "NCHW";

interface Convolution {
  batch: number;
  size: Pair;
  channels: Pair;
  kernel: Pair;
  strides: Pair;
  dilations: Pair;
  pad: Pad;
}

const upTo = (max: number) => fc.integer({ min: 1, max });
const pair = (max: number) => fc.tuple(upTo(max), upTo(max));
const padding = fc.oneof(
  fc.constantFrom<Pad>("valid", "same"),
  fc.nat(2) as fc.Arbitrary<Pad>,
  explicitPadding,
);

const COMMON: { kernel: Pair; strides: Pair }[] = [
  { kernel: [1, 1], strides: [1, 1] },
  { kernel: [1, 1], strides: [2, 2] },
  { kernel: [3, 3], strides: [1, 1] },
  { kernel: [3, 3], strides: [2, 2] },
  { kernel: [4, 4], strides: [2, 2] },
  { kernel: [5, 5], strides: [1, 1] },
];
const windows = fc.oneof(fc.constantFrom(...COMMON), fc.record({ kernel: pair(4), strides: pair(3) }));

/** Convolutions of every kind that have at least one output. */
function convolutions({ dilated = false, channels = 4 } = {}): fc.Arbitrary<Convolution> {
  return fc
    .record({
      batch: upTo(2),
      size: pair(8),
      channels: pair(channels),
      window: windows,
      dilations: dilated ? pair(3) : fc.constant<Pair>([1, 1]),
      pad: padding,
    })
    .map(({ window, ...rest }) => ({ ...rest, ...window, ...(dilated ? { strides: [1, 1] as Pair } : {}) }))
    .filter(({ batch, size, kernel, strides, dilations, pad }) => {
      const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
        [batch, size[0], size[1], 1],
        [kernel[0], kernel[1], 1, 1],
        strides,
        dilations,
        pad,
      );
      return outHeight > 0 && outWidth > 0;
    });
}

interface Case extends Convolution {
  x: tf.Tensor;
  filter: tf.Tensor;
}

function withTensors(cases: fc.Arbitrary<Convolution>, format: Format = "NHWC"): fc.Arbitrary<Case> {
  return cases.chain((c) => {
    const [h, w] = c.size;
    const [ci, co] = c.channels;
    const image = format === "NHWC" ? [c.batch, h, w, ci] : [c.batch, ci, h, w];
    return fc.tuple(floats(image), floats([...c.kernel, ci, co])).map(([x, filter]) => ({ ...c, x, filter }));
  });
}

const check = <T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(inputs, property), {
    numRuns: 3 * runs.numRuns,
  });

/** Products in a sum: kernel x channels in results, batch x height x width in the filter's gradient. */
const terms = 300;

describe("conv2d", () => {
  it("and its gradients", () =>
    check(withTensors(convolutions()), ({ x, filter, strides, pad }) =>
      expectGradientAgreement((a: Image, k: Image) => tf.conv2d(a, k, strides, pad), [x, filter], { terms }),
    ));

  it("dilated", () =>
    check(withTensors(convolutions({ dilated: true })), ({ x, filter, pad, dilations }) =>
      expectAgreement((a: Image, k: Image) => tf.conv2d(a, k, 1, pad, "NHWC", dilations), [x, filter], {
        terms,
      }),
    ));

  it("with the output size rounded", () =>
    check(
      fc.tuple(
        withTensors(convolutions().filter(({ pad }) => typeof pad === "number")),
        fc.constantFrom("floor" as const, "ceil" as const, "round" as const),
      ),
      ([{ x, filter, strides, pad }, rounding]) =>
        expectAgreement(
          (a: Image, k: Image) => tf.conv2d(a, k, strides, pad, "NHWC", [1, 1], rounding),
          [x, filter],
          { terms },
        ),
    ));

  it("of NCHW images and its gradients", () => {
    const implicit = convolutions().filter(({ pad }) => typeof pad !== "object");
    return check(withTensors(implicit, "NCHW"), ({ x, filter, strides, pad }) =>
      expectGradientAgreement((a: Image, k: Image) => tf.conv2d(a, k, strides, pad, "NCHW"), [x, filter], {
        terms,
      }),
    );
  });

  it("of signals (conv1d) and its gradients", () =>
    check(
      fc.tuple(
        floats([2, 9, 3]),
        upTo(4).chain((k) => floats([k, 3, 2])),
        upTo(3),
        fc.constantFrom<Pad>("valid", "same"),
      ),
      ([x, filter, stride, pad]) =>
        expectGradientAgreement(
          (a: tf.Tensor3D, k: tf.Tensor3D) => tf.conv1d(a, k, stride, pad as "same"),
          [x, filter],
          { terms },
        ),
    ));
});

describe("conv2dTranspose", () => {
  it("and its gradients", () =>
    check(withTensors(convolutions()), ({ x, filter, strides, pad }) => {
      // The output of the convolution of x is an image from which to go back to x's size.
      const dy = tf.tidy(() => tf.sin(tf.conv2d(x as Image, filter as Image, strides, pad)));
      const back = (y: Image, k: Image): tf.Tensor =>
        tf.conv2dTranspose(y, k, x.shape as [number, number, number, number], strides, pad);
      return expectGradientAgreement(back, [dy, filter], { terms });
    }));
});

describe("depthwiseConv2d", () => {
  it("with any channel multiplier, and its gradients", () =>
    check(withTensors(convolutions({ channels: 3 })), ({ x, filter, strides, pad }) =>
      expectGradientAgreement(
        (a: Image, k: Image) => tf.depthwiseConv2d(a, k, strides, pad as "same"),
        [x, filter],
        { terms },
      ),
    ));

  it("dilated", () =>
    check(withTensors(convolutions({ dilated: true })), ({ x, filter, pad, dilations }) =>
      expectAgreement(
        (a: Image, k: Image) => tf.depthwiseConv2d(a, k, 1, pad as "same", "NHWC", dilations),
        [x, filter],
        { terms },
      ),
    ));

  it("followed by a pointwise convolution (separableConv2d), and its gradients", () => {
    const plain = convolutions({ channels: 3 }).filter(({ pad }) => typeof pad === "string");
    const cases = withTensors(plain).chain((c) =>
      fc.tuple(fc.constant(c), floats([1, 1, c.channels[0] * c.channels[1], 2])),
    );
    return check(cases, ([{ x, filter, strides, pad }, pointwise]) =>
      expectGradientAgreement(
        (a: Image, d: Image, p: Image) => tf.separableConv2d(a, d, p, strides, pad as "same"),
        [x, filter, pointwise],
        { terms },
      ),
    );
  });
});

describe("fused convolutions", () => {
  const activations = ["linear", "relu", "relu6", "elu", "prelu", "leakyrelu", "sigmoid"] as const;
  for (const activation of activations) {
    it(`conv2d, bias and ${activation}`, () => {
      const cases = withTensors(convolutions()).chain((c) =>
        fc.tuple(fc.constant(c), floats([c.channels[1]]), floats([c.channels[1]], { min: 0, max: 1 })),
      );
      const layer =
        ({ strides, pad }: Convolution) =>
        (a: Image, k: Image, b: tf.Tensor1D, w?: tf.Tensor1D) =>
          tf.fused.conv2d({
            x: a,
            // Small, so that no sigmoid saturates: there 1 - y has few digits left to compare.
            filter: tf.mul(k, 0.05),
            bias: b,
            strides,
            pad,
            activation,
            leakyreluAlpha: 0.3,
            ...(w ? { preluActivationWeights: w } : {}),
          });
      return check(cases, ([c, bias, alpha]) =>
        expectGradientAgreement(layer(c), [c.x, c.filter, bias, ...(activation === "prelu" ? [alpha] : [])], {
          terms: 4 * terms, // The filter's gradient may be one number, the difference of larger ones.
        }),
      );
    });
  }

  it("depthwiseConv2d, bias and relu", () => {
    const cases = withTensors(convolutions({ channels: 3 })).chain((c) =>
      fc.tuple(fc.constant(c), floats([c.channels[0] * c.channels[1]])),
    );
    return check(cases, ([{ x, filter, strides, pad }, bias]) =>
      expectGradientAgreement(
        (a: Image, k: Image, b: tf.Tensor1D) =>
          tf.fused.depthwiseConv2d({
            x: a,
            filter: k,
            bias: b,
            strides,
            pad: pad as "same",
            activation: "relu",
          }),
        [x, filter, bias],
        { terms },
      ),
    );
  });
});

describe("second order", () => {
  // Gulrajani et al. 2017, equation 3: (|grad_x D(x)| - 1)^2, differentiated with respect to the critic's weights.
  it("the gradient penalty of a convolutional critic", () => {
    const critics = fc.tuple(
      floats([2, 8, 8, 2]),
      floats([4, 4, 2, 3]),
      floats([4, 4, 3, 2]),
      floats([8, 1]),
    );
    const penalty = (x: Image, a: Image, b: Image, head: tf.Tensor2D): tf.Tensor => {
      const critic = (image: tf.Tensor): tf.Tensor => {
        const features = tf.leakyRelu(tf.conv2d(image as Image, a, 2, "same"), 0.2);
        const deeper = tf.leakyRelu(tf.conv2d(features as Image, b, 2, "same"), 0.2);
        return tf.sum(tf.matMul(tf.reshape(deeper, [2, 8]), head));
      };
      const gradient = tf.grad(critic)(x);
      const norm = tf.sqrt(tf.sum(tf.square(gradient), [1, 2, 3]));
      return tf.mean(tf.square(tf.sub(norm, 1)));
    };
    return fc.assert(
      fc.asyncProperty(critics, (inputs) => expectGradientAgreement(penalty, inputs, { terms: 2000 })),
      runs,
    );
  });
});
