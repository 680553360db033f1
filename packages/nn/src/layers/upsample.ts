/** Enlarging images: torch.nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True). */

import * as tf from "@tensorflow/tfjs";
import { requireShape } from "../shape.ts";

/**
 * Twice the height and width, bilinear, with the corners' pixels on the corners' pixels.
 *
 * @param x [b, h, w, c]  @returns [b, 2h, 2w, c]
 */
export function upsample2x(x: tf.Tensor4D): tf.Tensor4D {
  requireShape("the input of upsample2x", x.shape, ["b", "h", "w", "c"]);
  const [, h, w] = x.shape;
  // With its gradient, since on tfjs's cpu backend that of resizeBilinear has height and width exchanged in its shape.
  const op = tf.customGrad((x) => ({
    value: tf.image.resizeBilinear(x as tf.Tensor4D, [2 * h, 2 * w], true),
    gradFunc: (dy: tf.Tensor) => adjoint(dy as tf.Tensor4D),
  }));
  return op(x) as tf.Tensor4D;
}

/** The transpose of the linear map above: from [b, 2h, 2w, c] to [b, h, w, c]. */
function adjoint(dy: tf.Tensor4D): tf.Tensor4D {
  const [b, h, w, c] = dy.shape;
  const shape: [number, number, number, number] = [b, h / 2, w / 2, c];
  const op = tf.customGrad((dy) => {
    const inputs = { images: tf.zeros(shape), dy: dy as tf.Tensor };
    const attrs = { alignCorners: true, halfPixelCenters: false };
    const dx = tf.engine().runKernel("ResizeBilinearGrad", inputs, attrs) as tf.Tensor;
    return { value: tf.reshape(dx, shape), gradFunc: (ddx: tf.Tensor) => upsample2x(ddx as tf.Tensor4D) };
  });
  return op(dy) as tf.Tensor4D;
}
