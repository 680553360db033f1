/** Seeded random numbers with the same bits on every platform. */

import { createHash } from "node:crypto";
import { OptionError } from "../errors.ts";
import { InvalidGeneratorStateError } from "./errors.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { highProduct } from "./philox.ts";
import { type StreamId, WordStream } from "./word-stream.ts";

/**
 * A seeded, splittable generator with the same stream on every platform.
 *
 * A uniform and a normal number take one 32-bit word of the stream each, an integer one or (rarely) more. So n numbers drawn
 * at once are the same as those drawn in pieces, and what is drawn next depends only on how many words were used.
 */
export interface Generator {
  /** Uniform in [0, 1): multiples of 2^-24. */
  uniform(n: number): Float32Array;
  /** Standard normal: quantiles of 2^32 equally likely probabilities, so none is beyond 6.34. */
  normal(n: number): Float32Array;
  /** 0 ... n-1 in random order, every order equally likely. */
  permutation(n: number): Int32Array;
  /** Uniform integers in [0, below), without bias; `below` is at most 2^31. */
  integers(n: number, below: number): Int32Array;
  /** An independent generator: a function of this one's seed and `label` alone, not of what was drawn so far. */
  split(label: string | number): Generator;
  /** Where this generator stands: plain data, from which `generatorFromState` goes on with the same numbers. */
  state(): GeneratorState;
}

export interface GeneratorState {
  algorithm: typeof ALGORITHM;
  /** Which of 2^128 streams: 32 hexadecimal digits. */
  stream: string;
  /** How many of the stream's words have been used. */
  position: number;
}

const ALGORITHM = "philox4x32-10";

/**
 * The generator of a seed: a safe integer or a text. An integer and its decimal text are the same seed.
 *
 * @throws OptionError
 */
export function generatorFromSeed(seed: number | string): Generator {
  if (typeof seed === "number" ? !Number.isSafeInteger(seed) : typeof seed !== "string" || seed === "") {
    throw new OptionError("seed", "a safe integer, or a string that is not empty", seed);
  }
  return new Philox(streamOf("seed", String(seed)), 0);
}

/**
 * The generator whose `state()` this was.
 *
 * @throws InvalidGeneratorStateError
 */
export function generatorFromState(state: GeneratorState): Generator {
  const { algorithm, stream, position } = (state ?? {}) as Partial<GeneratorState>;
  if (algorithm !== ALGORITHM) throw new InvalidGeneratorStateError(`the algorithm ${ALGORITHM}`, algorithm);
  if (typeof stream !== "string" || !/^[0-9a-f]{32}$/.test(stream)) {
    throw new InvalidGeneratorStateError("a stream of 32 hexadecimal digits", stream);
  }
  if (!Number.isSafeInteger(position) || position! < 0) {
    throw new InvalidGeneratorStateError("a position that is an integer, 0 or more", position);
  }
  return new Philox(stream, position!);
}

class Philox implements Generator {
  readonly #stream: string;
  readonly #words: WordStream;

  constructor(stream: string, position: number) {
    this.#stream = stream;
    this.#words = new WordStream(idOf(stream), position);
  }

  uniform(n: number): Float32Array {
    const out = new Float32Array(count(n));
    for (let i = 0; i < n; i++) out[i] = (this.#words.next() >>> 8) / 0x100_0000;
    return out;
  }

  normal(n: number): Float32Array {
    const out = new Float32Array(count(n));
    for (let i = 0; i < n; i++) out[i] = normalQuantile(this.#words.next());
    return out;
  }

  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: count(n) }, (_, i) => i);
    // Fisher and Yates, in Durstenfeld's form.
    for (let last = n - 1; last > 0; last--) {
      const other = this.#below(last + 1);
      const value = order[last]!;
      order[last] = order[other]!;
      order[other] = value;
    }
    return order;
  }

  integers(n: number, below: number): Int32Array {
    const out = new Int32Array(count(n));
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 31) {
      throw new OptionError("below", "an integer in 1 ... 2^31", below);
    }
    for (let i = 0; i < n; i++) out[i] = this.#below(below);
    return out;
  }

  split(label: string | number): Generator {
    return new Philox(streamOf(`split ${this.#stream}`, String(label)), 0);
  }

  state(): GeneratorState {
    return { algorithm: ALGORITHM, stream: this.#stream, position: this.#words.position };
  }

  /** Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019), algorithm 5. */
  #below(bound: number): number {
    let word = this.#words.next();
    let low = Math.imul(word, bound) >>> 0;
    if (low < bound) {
      const rejected = (2 ** 32 - bound) % bound;
      while (low < rejected) {
        word = this.#words.next();
        low = Math.imul(word, bound) >>> 0;
      }
    }
    return highProduct(word, bound & 0xffff, bound >>> 16);
  }
}

/** A stream for each text in each domain: the first 128 bits of a SHA-256, so that none will ever meet another. */
function streamOf(domain: string, text: string): string {
  return createHash("sha256").update(`${domain}\0${text}`).digest("hex").slice(0, 32);
}

function idOf(stream: string): StreamId {
  const word = (i: number) => Number.parseInt(stream.slice(8 * i, 8 * i + 8), 16);
  return [word(0), word(1), word(2), word(3)];
}

function count(n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > 2 ** 31) throw new OptionError("n", "an integer in 0 ... 2^31", n);
  return n;
}
