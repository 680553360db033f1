/** Reads bits, the most significant one of a byte first. */

import { BadFileError } from "../errors.ts";

export class Bits {
  readonly #bytes: Uint8Array;
  readonly file: string;
  #next = 0;
  #held = 0;
  /** How many of the low bits of `#held` have not been read. */
  #count = 0;

  /** @param file what messages call it */
  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.file = file;
  }

  /** The next `n` bits, at most 24, as a number. */
  read(n: number): number {
    while (this.#count < n) {
      if (this.#next === this.#bytes.length) throw this.corrupt("more bits", "the end of the file");
      this.#held = (this.#held << 8) | this.#bytes[this.#next++]!;
      this.#count += 8;
    }
    this.#count -= n;
    return (this.#held >>> this.#count) & ((1 << n) - 1);
  }

  /** As a signed number, which is how JavaScript's bit operators give theirs. */
  read32(): number {
    return (this.read(16) << 16) | this.read(16);
  }

  read48(): number {
    return this.read(24) * 2 ** 24 + this.read(24);
  }

  /** Passes over what is left of a byte that was begun. */
  toByte(): void {
    this.#count -= this.#count % 8;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#bytes.length && this.#count === 0;
  }

  corrupt(expected: string, found: string | number): BadFileError {
    return new BadFileError({
      file: this.file,
      kind: "corrupt",
      message: `expected ${expected}, found ${found}`,
    });
  }
}
