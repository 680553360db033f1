/** float16 (IEEE 754 binary16) and bfloat16 to float32 and back: exact one way, rounded to nearest, ties to even, the other. */

export function float16ToFloat32(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  const bits = new Uint32Array(out.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const magnitude = half & 0x7fff;
    if (magnitude < 0x0400) {
      out[i] = magnitude / 0x100_0000; // Zero or subnormal: a multiple of 2^-24.
      bits[i]! |= (half & 0x8000) << 16;
    } else {
      // The exponent's bias grows from 15 to 127; infinity and NaN keep an exponent of ones.
      const rebias = magnitude < 0x7c00 ? 112 : 224;
      bits[i] = ((half & 0x8000) << 16) | ((magnitude << 13) + (rebias << 23));
    }
  }
  return out;
}

export function float32ToFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  const scratch = new Float32Array(1);
  const scratchBits = new Uint32Array(scratch.buffer);
  for (let i = 0; i < out.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    const magnitude = bits[i]! & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      out[i] = sign | 0x7e00 | ((magnitude >>> 13) & 0x03ff); // NaN
    } else if (magnitude >= 0x477ff000) {
      out[i] = sign | 0x7c00; // 65520 and more are nearer to infinity than to 65504.
    } else if (magnitude < 0x38800000) {
      // Below 2^-14. In [1/2, 1) float32's last place is 2^-24, so adding 1/2 rounds to float16's subnormals.
      scratch[0] = Math.abs(values[i]!) + 0.5;
      out[i] = sign | (scratchBits[0]! - 0x3f000000);
    } else {
      const odd = (magnitude >>> 13) & 1;
      out[i] = sign | ((magnitude + 0x0fff + odd - (112 << 23)) >>> 13);
    }
  }
  return out;
}

export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  const bits = new Uint32Array(out.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return out;
}

export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const word = bits[i]!;
    const nan = (word & 0x7fffffff) > 0x7f800000;
    out[i] = nan ? (word >>> 16) | 0x0040 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return out;
}
