/** A stream of 32-bit words, one after another from Philox's blocks, that knows its place and can begin anywhere. */

import { philox } from "./philox.ts";

/** Words computed at a time: few enough that a generator from which little is drawn costs little. */
const BATCH = 256;

/** Which of 2^128 streams: Philox's key and the upper half of its counter. */
export type StreamId = readonly [key0: number, key1: number, upper0: number, upper1: number];

export class WordStream {
  readonly #id: StreamId;
  readonly #words = new Uint32Array(BATCH);
  /** Where in the stream the batch begins, a multiple of BATCH. */
  #start: number;
  #next: number;
  #filled = false;

  /** @param position how many words of the stream are used already, an integer in [0, 2^53) */
  constructor(id: StreamId, position: number) {
    this.#id = id;
    this.#next = position % BATCH;
    this.#start = position - this.#next;
  }

  /** How many words have been used. */
  get position(): number {
    return this.#start + this.#next;
  }

  /** The next word, in [0, 2^32). */
  next(): number {
    if (this.#next === BATCH) {
      this.#start += BATCH;
      this.#next = 0;
      this.#filled = false;
    }
    if (!this.#filled) this.#fill();
    return this.#words[this.#next++]!;
  }

  #fill(): void {
    const block = this.#start / 4;
    const [key0, key1, upper0, upper1] = this.#id;
    philox(this.#words, [block | 0, (block / 2 ** 32) | 0, upper0, upper1], [key0, key1]);
    this.#filled = true;
  }
}
