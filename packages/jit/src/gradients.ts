/**
 * Gradients that tfjs lacks or has wrong, registered when this module is imported. They are written with tfjs's own
 * operations, so they can be traced and differentiated again.
 */

import * as tf from "@tensorflow/tfjs";
import { convolutionGradients } from "./gradients/convolution.ts";
import { elementwiseGradients, elementwiseReplacements } from "./gradients/elementwise.ts";
import { inputReplacements } from "./gradients/from-inputs.ts";
import { indexingGradients, indexingReplacements } from "./gradients/indexing.ts";
import { movementGradients, movementReplacements } from "./gradients/movement.ts";
import { productGradients, productReplacements } from "./gradients/products.ts";
import { resamplingGradients } from "./gradients/resampling.ts";

const MISSING: readonly tf.GradConfig[] = [
  ...convolutionGradients,
  ...elementwiseGradients,
  ...indexingGradients,
  ...movementGradients,
  ...productGradients,
  ...resamplingGradients,
];

/** Each says what is wrong with tfjs's own. */
const REPLACED: readonly tf.GradConfig[] = [
  ...elementwiseReplacements,
  ...indexingReplacements,
  ...inputReplacements,
  ...movementReplacements,
  ...productReplacements,
];

for (const config of MISSING) if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);

for (const config of REPLACED) {
  if (tf.getGradient(config.kernelName)) tf.unregisterGradient(config.kernelName);
  tf.registerGradient(config);
}
