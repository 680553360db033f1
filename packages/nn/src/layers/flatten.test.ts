import type * as tf from "@tensorflow/tfjs";
import { goldenLayer } from "../../test/golden.ts";
import { conv2d } from "./conv2d.ts";
import { flatten } from "./flatten.ts";
import { linear } from "./linear.ts";

goldenLayer("flatten.json", (params, { x }) =>
  linear(params, "layer.2", flatten(conv2d(params, "layer.0", x as tf.Tensor4D))),
);
