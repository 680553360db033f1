/** What stands for PyTorch's objects while a pickle is read: descriptions of where numbers lie, never the numbers. */

import { sizeOf } from "../../shape.ts";
import { InvalidCheckpointError } from "../errors.ts";
import { bytesPerElement, type DType } from "../host-tensor.ts";
import { Extern, kindOf, Tuple, type Value } from "../pickle/values.ts";
import { extent } from "../strided.ts";

/** `torch.float32` and the like. */
export class ElementType extends Extern {
  readonly kind = "a dtype";
  readonly dtype: DType;

  constructor(dtype: DType) {
    super();
    this.dtype = dtype;
  }
}

/** `torch.FloatStorage` and the like; an untyped storage counts bytes. */
export class StorageType extends Extern {
  readonly kind = "a storage type";
  readonly dtype: DType | "untyped";

  constructor(dtype: DType | "untyped") {
    super();
    this.dtype = dtype;
  }
}

/** A run of numbers in the file, which several tensors may share. */
export class Storage extends Extern {
  readonly kind = "a storage";
  /** Its name in the file. */
  readonly key: string;
  readonly dtype: DType | "untyped";
  readonly byteLength: number;

  constructor(key: string, dtype: DType | "untyped", elements: number) {
    super();
    this.key = key;
    this.dtype = dtype;
    this.byteLength = elements * (dtype === "untyped" ? 1 : bytesPerElement(dtype));
  }
}

/** PyTorch's own limit is 64. */
const MAX_RANK = 64;

/** A tensor: a strided view of a storage. All in elements; known to lie within the storage. */
export class TensorView extends Extern {
  readonly kind = "a tensor";
  readonly storage: Storage;
  readonly dtype: DType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  /** @throws InvalidCheckpointError if these are not the arguments of a view within the storage */
  constructor(where: string, storage: Value | undefined, dtype: DType | undefined, view: readonly Value[]) {
    super();
    const [offset, size, strides] = view;
    const fail = (expected: string, found: string) =>
      new InvalidCheckpointError(`${where}: a tensor`, expected, found);
    if (!(storage instanceof Storage)) throw fail("a storage", kindOf(storage));
    const type = dtype ?? storage.dtype;
    if (type === "untyped") throw fail("a storage of known type", "an untyped one");
    if (!isSize(offset)) throw fail("an offset, 0 or more", kindOf(offset));
    if (!isSizes(size)) throw fail(`a tuple of at most ${MAX_RANK} sizes, 0 or more`, shown(size));
    if (!isSizes(strides) || strides.items.length !== size.items.length) {
      throw fail(`a tuple of ${size.items.length} strides, 0 or more`, shown(strides));
    }
    this.storage = storage;
    this.dtype = type;
    this.offset = offset;
    this.shape = size.items;
    this.strides = strides.items;
    const count = sizeOf(this.shape);
    if (!Number.isSafeInteger(count)) throw fail("less than 2^53 elements", shown(size));
    const end = (offset + extent(this.shape, this.strides)) * bytesPerElement(type);
    if (count > 0 && end > storage.byteLength) {
      throw fail(
        `a view within the ${storage.byteLength} bytes of storage "${storage.key}"`,
        `one that ends at byte ${end}`,
      );
    }
  }
}

export function isSize(value: Value | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

type Sizes = Tuple & { items: readonly number[] };

function isSizes(value: Value | undefined): value is Sizes {
  return value instanceof Tuple && value.items.length <= MAX_RANK && value.items.every(isSize);
}

function shown(value: Value | undefined): string {
  if (!(value instanceof Tuple)) return kindOf(value);
  const text = `(${value.items.map((item) => (typeof item === "object" ? kindOf(item) : String(item))).join(", ")})`;
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
