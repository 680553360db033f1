/**
 * pytorch-fid's resize: ToTensor, `F.interpolate(mode="bilinear", align_corners=False)` without antialiasing, 2x - 1.
 *
 * Bit for bit what PyTorch computes with several threads on a CPU that has AVX2 or AVX-512; on others, GPUs among them, the last
 * bit may differ. That kernel fuses multiplications into additions: y = fma(a, 1 - t, b t). In float64 the product of two float32
 * is exact, so rounding `a * w + c` to float32 is that fma (but for rounding twice, which changes some one result in 2^29).
 */

import { EXTRACTOR_SIZE, type Protocol, UNIT_LEVELS, unitToSymmetric } from "./protocol.ts";
import { makeTwoTaps, type TwoTaps } from "./two-taps.ts";

const { fround } = Math;

export const pytorch: Protocol<TwoTaps> = {
  levels: UNIT_LEVELS,
  taps(size) {
    if (size === EXTRACTOR_SIZE) return makeTwoTaps(size, (i) => i);
    const scale = fround(size / EXTRACTOR_SIZE);
    return makeTwoTaps(size, (i) => Math.max(fround(scale * (i + 0.5) - 0.5), 0)); // half-pixel centres
  },
  blend(source, origin, taps, i, stride, out, offset) {
    const a = (taps.first[i]! - origin) * stride;
    const b = (taps.last[i]! - origin) * stride;
    const t = taps.fraction[i]!;
    const s = fround(1 - t);
    for (let c = 0; c < stride; c++) out[offset + c] = source[a + c]! * s + fround(source[b + c]! * t);
  },
  normalize: unitToSymmetric,
};
