/**
 * Neural networks as pure TensorFlow.js functions over trees of named parameters, with PyTorch's names, definitions and defaults.
 *
 * A layer is a function `(params, name, x, options) -> y` beside another that says which parameters it has:
 *
 *     const specs = {
 *       ...scoped("net.0", conv2dSpecs(3, 64, 4, { bias: false, init: normal(0, 0.02) })),
 *       ...scoped("net.1", batchNormSpecs(64)),
 *       ...scoped("net.4", linearSpecs(64 * 16 * 16, 10)),
 *     };
 *     const { trained, buffers } = partition(initialize(specs, generatorFromSeed(0)), specs);
 *
 *     function classify(params: Params, x: tf.Tensor4D) {
 *       const map = conv2d(params, "net.0", x, { stride: 2, padding: 1 }); // [b, 16, 16, 64]
 *       const { y, buffers } = batchNorm(params, "net.1", map, { training: true });
 *       return { logits: linear(params, "net.4", flatten(tf.relu(y))), buffers };
 *     }
 *
 * Nothing is hidden in a layer: new running statistics are returned, noise comes in. A training step is then a pure function too, and
 * `jit` compiles it as a whole:
 *
 *     type State = { trained: Params; buffers: Params; moments: AdamState };
 *     const optimizer = adam();
 *     const step = jit((state: State, x: tf.Tensor4D, labels: tf.Tensor1D, rate: tf.Tensor) => {
 *       const { loss, buffers, gradients } = valueAndGradients((trained) => {
 *         const { logits, buffers } = classify({ ...trained, ...state.buffers }, x);
 *         return { loss: crossEntropy(logits, labels), buffers };
 *       }, state.trained);
 *       const { params, state: moments } = optimizer.update(state.trained, gradients, state.moments, rate);
 *       return { loss, state: { trained: params, buffers, moments } };
 *     });
 *
 * Images are NHWC. Checkpoints have PyTorch's layout on disk; `params.ts` says which axes that moves.
 */

export * from "./checkpoints/index.ts";
export * from "./errors.ts";
export * from "./gradients.ts";
export * from "./init.ts";
export * from "./layers/index.ts";
export * from "./optim/index.ts";
export * from "./params.ts";
export * from "./random/index.ts";
