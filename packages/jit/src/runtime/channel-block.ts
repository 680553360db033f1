/** Whether this build of ONNX Runtime has convolutions on blocked channels for this processor, and how large a block is. */

import { GraphBuilder } from "../graph/builder.ts";
import { encode } from "../graph/encode.ts";
import { NCHWC } from "../layout/blocked/order.ts";
import { createSession, type Device } from "./session.ts";
import { BufferPool } from "./storage.ts";

/** Blocks of one vector register: AVX-512, and AVX or NEON. */
const CANDIDATES = [16, 8];

let found: Promise<number> | undefined;

/** Channels in a block, or 0 where the device has no such convolutions. */
export function channelBlock(device: Device): Promise<number> {
  if (device !== "cpu") return Promise.resolve(0);
  found ??= findBlock();
  return found;
}

async function findBlock(): Promise<number> {
  for (const block of CANDIDATES) if (await isBlock(block)) return block;
  return 0;
}

/** Reordering four channels gives one whole block: the runtime refuses an output buffer of any other size. */
async function isBlock(block: number): Promise<boolean> {
  const g = new GraphBuilder();
  const output = { dtype: "float32" as const, shape: [1, block, 1, 1] };
  const x = g.input("x", "float32", [1, 4, 1, 1]);
  const y = g.op("ReorderInput", [x], {}, output, NCHWC);
  const feed = { elements: new Float32Array(4), dtype: "float32" as const, shape: [1, 4, 1, 1] };
  try {
    const session = await createSession(encode(g.finish([{ name: "y", value: y }])), {
      device: "cpu",
      quiet: true,
    });
    try {
      await session.run({ x: feed }, { y: output }, new BufferPool());
      return true;
    } finally {
      await session.release();
    }
  } catch {
    return false;
  }
}
