/** What a pickle can describe here: plain data. Objects of classes appear only where a `PickleWorld` gives them a meaning. */

export type Value = null | boolean | number | bigint | string | Uint8Array | Value[] | Tuple | Dict | Extern;

export class Tuple {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** A dict of any kind. Keys that are not plain values are told apart by identity: nothing here is looked up by them. */
export class Dict {
  readonly entries = new Map<Value, Value>();
}

/** A value that the reader of the pickle gives a meaning to. */
export abstract class Extern {
  /** What it is, for messages. */
  abstract readonly kind: string;
}

/** Something harmless whose content is of no interest, such as a set or `argparse.Namespace`. */
export class Inert extends Extern {
  readonly kind: string;

  /** @param kind its name in Python */
  constructor(kind: string) {
    super();
    this.kind = kind;
  }
}

/** A global that may be called: `call` is a function of ours that stands for it. */
export class Callable extends Extern {
  readonly kind: string;
  readonly call: (args: readonly Value[]) => Value;

  /** @param kind its name in Python */
  constructor(kind: string, call: (args: readonly Value[]) => Value) {
    super();
    this.kind = kind;
    this.call = call;
  }
}

/** For messages. */
export function kindOf(value: Value | undefined): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return `the string ${JSON.stringify(value.slice(0, 60))}`;
  if (typeof value !== "object") return `the ${typeof value === "bigint" ? "number" : typeof value} ${value}`;
  if (value instanceof Extern) return value.kind;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Tuple) return `a tuple of ${value.items.length}`;
  if (value instanceof Dict) return `a dict of ${value.entries.size}`;
  return `${value.length} bytes`;
}
