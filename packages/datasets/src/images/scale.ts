/** From bytes to the range that a network wants. */

/** `low + (high - low) * v / 255` of every value v, in float32: [-1, 1] for generators, [0, 1] for most classifiers. */
export function scaleImages(images: Uint8Array, [low, high]: readonly [number, number]): Float32Array {
  const table = Float32Array.from({ length: 256 }, (_, value) => low + ((high - low) * value) / 255);
  return Float32Array.from(images, (value) => table[value]!);
}
