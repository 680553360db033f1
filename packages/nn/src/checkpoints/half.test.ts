/** Conversions between float32 and the half precisions against PyTorch's: fixtures/golden/checkpoints/half.json. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./half.ts";

type Half = "float16" | "bfloat16";

const golden = JSON.parse(
  readFileSync(new URL("../../../../fixtures/golden/checkpoints/half.json", import.meta.url), "utf8"),
) as {
  edges: Record<Half | "float32", string>[];
  allHalvesAsFloat32Sha256: Record<Half, string>;
  manyFloat32AsHalvesSha256: Record<Half, string>;
};

const sha256 = (values: NodeJS.ArrayBufferView) => createHash("sha256").update(values).digest("hex");
const floats = (bits: Uint32Array) => new Float32Array(bits.buffer);
/** NaNs have many bit patterns; the fixture's all have this one. */
const NAN = 0x7fff;

describe.each([
  ["float16", float16ToFloat32, float32ToFloat16],
  ["bfloat16", bfloat16ToFloat32, float32ToBfloat16],
] as const)("%s", (half, widen, narrow) => {
  const narrowed = (values: Float32Array) =>
    narrow(values).map((bits, i) => (Number.isNaN(values[i]) ? NAN : bits));

  it("widens all 65536 values exactly", () => {
    const wide = widen(Uint16Array.from({ length: 65536 }, (_, i) => i));
    // Float32Array.map makes NaNs alike, as the fixture's are.
    expect(sha256(wide.map((x) => (Number.isNaN(x) ? Number.NaN : x)))).toBe(
      golden.allHalvesAsFloat32Sha256[half],
    );
  });

  it("rounds edge cases to nearest, ties to even", () => {
    const bits = Uint32Array.from(golden.edges, (edge) => Number.parseInt(edge.float32, 16));
    const found = Array.from(narrowed(floats(bits)), (word) => word.toString(16).padStart(4, "0"));
    expect(found).toEqual(golden.edges.map((edge) => edge[half]));
  });

  it("rounds 131072 floats of all magnitudes as PyTorch does", () => {
    const bits = Uint32Array.from({ length: 2 ** 17 }, (_, i) => Math.imul(i, 2654435761));
    expect(sha256(narrowed(floats(bits)))).toBe(golden.manyFloat32AsHalvesSha256[half]);
  });

  it("gives every value back, NaN as some NaN of the same sign", () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const wide = widen(all);
    narrow(wide).forEach((bits, i) => {
      if (Number.isNaN(wide[i])) {
        expect(widen(Uint16Array.of(bits))[0]).toBeNaN();
        expect(bits >>> 15).toBe(i >>> 15);
      } else if (bits !== i) expect.fail(`0x${i.toString(16)} came back as 0x${bits.toString(16)}`);
    });
  });
});
