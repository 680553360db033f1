/**
 * Decompresses bzip2, in which USPS is published: run lengths, a Burrows-Wheeler transform, move-to-front and Huffman codes, as
 * bzip2 1.0.8 writes them.
 */

import { Bits } from "./bits.ts";
import { readSymbols } from "./bzip2-symbols.ts";

const BLOCK = 0x314159265359; // The digits of pi,
const END = 0x177245385090; // and of its square root.
/** Of CRC-32 with its bits in the order of the polynomial, 0x04c11db7, unlike zlib's. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/**
 * Decompresses a whole file, of one stream or several.
 *
 * @param file what messages call it
 * @throws BadFileError
 */
export function bunzip2(bytes: Uint8Array, file: string): Uint8Array {
  const bits = new Bits(bytes, file);
  const blocks: Uint8Array[] = [];
  do {
    const level = bits.read(24) === 0x425a68 ? bits.read(8) - 0x30 : 0; // "BZh" and a digit
    if (level < 1 || level > 9) throw bits.corrupt("a bzip2 file", "another");
    let whole = 0;
    let magic = bits.read48();
    for (; magic === BLOCK; magic = bits.read48()) {
      const crc = bits.read32();
      const block = unrun(readSymbols(bits, level * 100_000));
      if (crcOf(block) !== crc) throw bits.corrupt("a block with the checksum it states", "another checksum");
      whole = ((whole << 1) | (whole >>> 31)) ^ crc;
      blocks.push(block);
    }
    if (magic !== END) throw bits.corrupt("a block or the end", "neither");
    if (bits.read32() !== whole) throw bits.corrupt("the checksum it states", "another");
    bits.toByte();
  } while (!bits.isAtEnd);
  return concatenated(blocks);
}

/** The first step undone: after four equal bytes comes how many more of them there are. */
function unrun(bytes: Uint8Array): Uint8Array {
  const isCount = (run: number) => run === 4;
  let length = 0;
  for (let i = 0, run = 0; i < bytes.length; i++) {
    if (isCount(run)) {
      length += bytes[i]!;
      run = 0;
    } else {
      run = run > 0 && bytes[i] === bytes[i - 1] ? run + 1 : 1;
      length++;
    }
  }
  const out = new Uint8Array(length);
  let to = 0;
  for (let i = 0, run = 0; i < bytes.length; i++) {
    if (isCount(run)) {
      out.fill(bytes[i - 1]!, to, to + bytes[i]!);
      to += bytes[i]!;
      run = 0;
    } else {
      run = run > 0 && bytes[i] === bytes[i - 1] ? run + 1 : 1;
      out[to++] = bytes[i]!;
    }
  }
  return out;
}

function crcOf(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ bytes[i]!) & 0xff]!;
  return ~crc;
}

function concatenated(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of parts) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}
