// FLOPs by shapes are those that PyTorch counts: `python3 bench/peers/count_flops.py`.
import { expect, it } from "vitest";
import { CRITIC, DANN, DISCRIMINATOR, GENERATOR, UNET } from "./flops.ts";

it("are PyTorch's", () => {
  expect(GENERATOR).toBe(209_256_448);
  expect([DISCRIMINATOR, CRITIC]).toEqual([207_634_432, 207_634_432]);
  expect(DANN).toEqual({ features: 44_444_672, digit: 133_632, domain: 394_240 });
});

it("the UNet's are PyTorch's, and the products of attention, which it does not count on a CPU", () => {
  const products = [
    [14 * 14, 128],
    [7 * 7, 128],
    [14 * 14, 64],
    [28 * 28, 64],
  ] as const;
  const attention = products.reduce((sum, [pixels, channels]) => sum + 4 * pixels ** 2 * channels, 0);
  expect(UNET).toBe(1_703_571_456 + attention);
});
