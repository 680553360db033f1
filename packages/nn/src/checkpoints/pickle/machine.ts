/** The pickle machine's stack, marks and memo, with the checks that every opcode needs. */

import { Cursor } from "./cursor.ts";
import { Callable, Dict, Inert, kindOf, Tuple, type Value } from "./values.ts";

/** What a pickle may refer to outside of itself. */
export interface PickleWorld {
  /** What `module.name` stands for; throws for every name that is not on its list. */
  global(module: string, name: string): Value;
  /** What a persistent id stands for: in a checkpoint, a storage. */
  persistent(id: Value): Value;
}

/** A tensor in a state dict takes about 30 opcodes: this is room for more than 100,000 of them. */
const MAX_OPCODES = 4_000_000;
/** Values open at the same time: Python itself gives up at a nesting of 1,000. */
const MAX_MARKS = 1000;

export class Machine {
  readonly cursor: Cursor;
  readonly world: PickleWorld;
  readonly memo = new Map<number, Value>();
  readonly #stack: Value[] = [];
  readonly #marks: number[] = [];
  #opcodes = 0;

  constructor(bytes: Uint8Array, position: number, world: PickleWorld, where: string) {
    this.cursor = new Cursor(bytes, position, where);
    this.world = world;
  }

  nextOpcode(): number {
    if (++this.#opcodes > MAX_OPCODES) throw this.cursor.fail(`at most ${MAX_OPCODES} opcodes`, "more");
    return this.cursor.uint8();
  }

  push(value: Value): void {
    this.#stack.push(value);
  }

  pop(): Value {
    if (this.#stack.length === this.#floor()) throw this.cursor.fail("a value on the stack", "none");
    return this.#stack.pop()!;
  }

  top(): Value {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    if (this.#marks.length === MAX_MARKS) throw this.cursor.fail(`at most ${MAX_MARKS} open marks`, "more");
    this.#marks.push(this.#stack.length);
  }

  /** All values since the last mark. */
  popMark(): Value[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.cursor.fail("a mark on the stack", "none");
    return this.#stack.splice(mark);
  }

  /** The last `n` values, first one first. */
  popTuple(n: number): Tuple {
    return new Tuple(Array.from({ length: n }, () => this.pop()).reverse());
  }

  remembered(index: number): Value {
    const value = this.memo.get(index);
    if (value === undefined) throw this.cursor.fail(`a value remembered as ${index}`, "none");
    return value;
  }

  /** The only value left. */
  result(): Value {
    if (this.#stack.length !== 1 || this.#marks.length > 0) {
      throw this.cursor.fail("one value at the pickle's end", `${this.#stack.length}`);
    }
    return this.#stack[0]!;
  }

  append(items: readonly Value[]): void {
    const list = this.top();
    if (list instanceof Inert) return;
    if (!Array.isArray(list)) throw this.cursor.fail("a list to append to", kindOf(list));
    for (const item of items) list.push(item);
  }

  /** Keys and values in turn. */
  setItems(items: readonly Value[]): void {
    const dict = this.top();
    if (dict instanceof Inert) return;
    if (!(dict instanceof Dict)) throw this.cursor.fail("a dict to put items into", kindOf(dict));
    if (items.length % 2 !== 0) throw this.cursor.fail("keys and values in pairs", `${items.length} values`);
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!;
      if (Array.isArray(key) || key instanceof Dict)
        throw this.cursor.fail("a key that can be hashed", kindOf(key));
      dict.entries.set(key, items[i + 1]!);
    }
  }

  /** What a set contains is of no interest. */
  addItems(_items: readonly Value[]): void {
    if (!(this.top() instanceof Inert)) throw this.cursor.fail("a set to add to", kindOf(this.top()));
  }

  pushGlobal([module, name]: readonly Value[]): void {
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.cursor.fail("the names of a module and a global", `${kindOf(module)} and ${kindOf(name)}`);
    }
    this.push(this.world.global(module, name));
  }

  /** Calls the function of ours that a callable stands for; what is inert stays so. */
  call([callee, args, keywords]: readonly Value[]): void {
    if (!(args instanceof Tuple)) throw this.cursor.fail("a tuple of arguments", kindOf(args));
    if (keywords instanceof Dict && keywords.entries.size > 0) {
      throw this.cursor.fail("a call without keyword arguments", kindOf(keywords));
    }
    if (callee instanceof Inert) this.push(new Inert(callee.kind));
    else if (callee instanceof Callable) this.push(callee.call(args.items));
    else throw this.cursor.fail("something that can be called", kindOf(callee));
  }

  /** Attributes given to an OrderedDict, or to something inert, are of no interest; nothing else has any. */
  build(_attributes: Value): void {
    const object = this.top();
    if (object instanceof Dict || object instanceof Inert) return;
    throw this.cursor.fail("an object that can be given attributes", kindOf(object));
  }

  #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }
}
