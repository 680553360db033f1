/** The homework's own digit classifier, layer by layer; `Classifier.pth` loads into it. */

import * as tf from "@tensorflow/tfjs";
import { conv2d, conv2dSpecs, flatten, linear, linearSpecs, maxPool2d, scoped } from "@touchstone/nn";
import type { Network } from "./network.ts";

export const homework: Network = {
  name: "homework",
  side: 28,
  dims: 64,
  specs: {
    ...scoped("conv1", conv2dSpecs(3, 6, 5)),
    ...scoped("conv2", conv2dSpecs(6, 16, 5)),
    ...scoped("fc1", linearSpecs(16 * 4 * 4, 128)),
    ...scoped("fc2", linearSpecs(128, 64)),
    ...scoped("fc3", linearSpecs(64, 10)),
  },
  forward(params, x) {
    const first = maxPool2d(tf.relu(conv2d(params, "conv1", x)), 2); // [b, 12, 12, 6]
    const second = maxPool2d(tf.relu(conv2d(params, "conv2", first)), 2); // [b, 4, 4, 16]
    const hidden = tf.relu(linear(params, "fc1", flatten(second))); // [b, 128]
    const features = tf.relu(linear(params, "fc2", hidden)); // [b, 64]
    return { logits: linear(params, "fc3", features), features, buffers: {} };
  },
};
