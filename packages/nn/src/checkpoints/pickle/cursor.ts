/** Reads a pickle's operands; never past its end. */

import { InvalidCheckpointError } from "../errors.ts";

/** No name, path or note in a checkpoint is near this long. */
const MAX_STRING_BYTES = 1 << 20;
/** Python's integers have no limit; torch.save's magic number, the longest in use, has 10 bytes. */
const MAX_INTEGER_BYTES = 256;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #where: string;
  position: number;

  /** @param where for messages: the file and the part of it */
  constructor(bytes: Uint8Array, position: number, where: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
    this.position = position;
  }

  fail(expected: string, found: string): InvalidCheckpointError {
    return new InvalidCheckpointError(`${this.#where}, byte ${this.position}`, expected, found);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length; beyond 2^53 it is not exact, and out of range in any case. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** Two's complement; a bigint where a number cannot hold it. */
  integer(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES)
      throw this.fail(`an integer of at most ${MAX_INTEGER_BYTES} bytes`, `${length}`);
    const digits = this.bytes(length).toReversed();
    if (length === 0) return 0;
    const value = BigInt.asIntN(8 * length, BigInt(`0x${Buffer.from(digits).toString("hex")}`));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  utf8(length: number): string {
    const bytes = this.bytes(this.#stringLength(length));
    try {
      return UTF8.decode(bytes);
    } catch {
      throw this.fail("text in UTF-8", "other bytes");
    }
  }

  /** What Python 2 wrote for a `str`. */
  latin1(length: number): string {
    return Buffer.from(this.bytes(this.#stringLength(length))).toString("latin1");
  }

  /** Up to the next newline, which is read too. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end === -1) throw this.fail("a line's end", "the end of the pickle");
    const text = this.utf8(end - this.position);
    this.position = end + 1;
    return text;
  }

  #stringLength(length: number): number {
    if (length > MAX_STRING_BYTES) throw this.fail(`text of at most ${MAX_STRING_BYTES} bytes`, `${length}`);
    return length;
  }

  #advance(length: number): number {
    const start = this.position;
    if (start + length > this.#bytes.length) {
      throw this.fail(`${length} more bytes`, `the end of the pickle after ${this.#bytes.length - start}`);
    }
    this.position += length;
    return start;
  }
}
