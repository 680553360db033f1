/** The inner steps of one bzip2 block: Huffman codes, run lengths of zeros, move-to-front, Burrows-Wheeler. */

import type { Bits } from "./bits.ts";

const GROUP = 50; // Symbols that share a Huffman table.
const LONGEST_CODE = 20;

/** Reads a block after its checksum; what it gives still has the first step's runs in it. */
export function readSymbols(bits: Bits, blockSize: number): Uint8Array {
  if (bits.read(1) === 1)
    throw bits.corrupt("a block as bzip2 has written them since 1997", "a randomised one");
  const origin = bits.read(24);
  const alphabet = readAlphabet(bits);
  const tables = bits.read(3);
  const groups = bits.read(15);
  if (tables < 2 || tables > 6 || groups === 0) throw bits.corrupt("2 to 6 Huffman tables", tables);
  const selectors = readSelectors(bits, groups, tables);
  const codes = Array.from({ length: tables }, () => readCode(bits, alphabet.length + 2));

  const endOfBlock = alphabet.length + 1;
  const column = new Uint8Array(blockSize); // The last column of the sorted rotations.
  let length = 0;
  let run = 0;
  let runUnit = 1;
  for (let read = 0; ; read++) {
    const code = codes[selectors[Math.floor(read / GROUP)] ?? tables];
    if (code === undefined) throw bits.corrupt("the end of the block", "more symbols");
    const symbol = decode(bits, code);
    if (symbol <= 1) {
      // Digits of a number in base 2 whose digits are 1 and 2, the lowest first.
      run += runUnit << symbol;
      runUnit <<= 1;
      if (run > blockSize) throw bits.corrupt(`at most ${blockSize} bytes in the block`, "more");
      continue;
    }
    if (length + run + (symbol === endOfBlock ? 0 : 1) > blockSize) {
      throw bits.corrupt(`at most ${blockSize} bytes in the block`, "more");
    }
    if (run > 0) {
      column.fill(alphabet[0]!, length, length + run);
      length += run;
      run = 0;
      runUnit = 1;
    }
    if (symbol === endOfBlock) break;
    const byte = alphabet[symbol - 1]!;
    alphabet.copyWithin(1, 0, symbol - 1);
    alphabet[0] = byte;
    column[length++] = byte;
  }
  if (origin >= length) throw bits.corrupt(`an origin below ${length}`, origin);
  return untransform(column.subarray(0, length), origin);
}

/** Which bytes occur, in order: two levels of bit maps. */
function readAlphabet(bits: Bits): Uint8Array {
  const used = bits.read(16);
  const alphabet: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((used >>> (15 - high)) & 1) === 0) continue;
    const map = bits.read(16);
    for (let low = 0; low < 16; low++) if ((map >>> (15 - low)) & 1) alphabet.push(16 * high + low);
  }
  if (alphabet.length === 0) throw bits.corrupt("a block with bytes in it", "none");
  return Uint8Array.from(alphabet);
}

function readUnary(bits: Bits, limit: number): number {
  let value = 0;
  while (bits.read(1) === 1) {
    if (++value >= limit) throw bits.corrupt(`a table below ${limit}`, value);
  }
  return value;
}

function readSelectors(bits: Bits, groups: number, tables: number): Uint8Array {
  const order = Array.from({ length: tables }, (_, table) => table);
  return Uint8Array.from({ length: groups }, () => {
    const [table = 0] = order.splice(readUnary(bits, tables), 1);
    order.unshift(table);
    return table;
  });
}

/** A canonical Huffman code: the codes of one length are consecutive numbers, and longer codes are larger. */
interface Code {
  /** By length: one more than the largest code, and what to add to a code to find its symbol's place. */
  limits: Int32Array;
  offsets: Int32Array;
  symbols: Uint16Array;
}

function readCode(bits: Bits, size: number): Code {
  let length = bits.read(5);
  const lengths = Array.from({ length: size }, () => {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > LONGEST_CODE) throw bits.corrupt(`codes of 1 to ${LONGEST_CODE} bits`, length);
    return length;
  });
  const symbols = Uint16Array.from(lengths.keys()).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const limits = new Int32Array(LONGEST_CODE + 1);
  const offsets = new Int32Array(LONGEST_CODE + 1);
  let code = 0;
  let place = 0;
  for (let n = 1; n <= LONGEST_CODE; n++) {
    const count = lengths.filter((other) => other === n).length;
    offsets[n] = place - code;
    code += count;
    limits[n] = code;
    place += count;
    code <<= 1;
  }
  return { limits, offsets, symbols };
}

function decode(bits: Bits, { limits, offsets, symbols }: Code): number {
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code = (code << 1) | bits.read(1);
    if (code < limits[length]!) return symbols[code + offsets[length]!]!;
  }
  throw bits.corrupt("a symbol", "a code that stands for none");
}

/** Burrows and Wheeler, "A block-sorting lossless data compression algorithm" (1994), algorithm D. */
function untransform(column: Uint8Array, origin: number): Uint8Array {
  const starts = new Int32Array(257);
  for (const byte of column) starts[byte + 1]!++;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1]! += starts[byte]!;
  const next = new Uint32Array(column.length);
  for (let i = 0; i < column.length; i++) next[starts[column[i]!]!++] = i;
  const out = new Uint8Array(column.length);
  for (let i = 0, at = next[origin]!; i < out.length; i++, at = next[at]!) out[i] = column[at]!;
  return out;
}
