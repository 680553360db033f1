/** Started by test-engines.ts as `probe-engine.ts <engine>`: says whether the engine works here, by a message to its parent. */

import * as tf from "@tensorflow/tfjs";
import { onEngine } from "../test/engine.ts";

export type Probe = { works: true } | { works: false; reason: string };

const reply = (probe: Probe): void => {
  process.send?.(probe, () => process.exit());
};

try {
  const twice = onEngine((x: tf.Tensor) => tf.mul(x, 2));
  const [y] = await (await twice(tf.tensor1d([1, 2]))).data();
  reply(y === 2 ? { works: true } : { works: false, reason: `2 * 1 gave ${y}` });
} catch (error) {
  reply({ works: false, reason: (error as Error).message });
}
