/** The names that a checkpoint's pickle may use, and what each stands for here. Every other name is refused. */

import { InvalidCheckpointError, UnsafePickleError } from "../errors.ts";
import type { DType } from "../host-tensor.ts";
import { Callable, Dict, type Extern, Inert, kindOf, Tuple, type Value } from "../pickle/values.ts";
import { ElementType, StorageType, TensorView } from "./values.ts";

const ELEMENT_TYPES: Record<string, DType> = {
  bool: "bool",
  uint8: "uint8",
  int8: "int8",
  int16: "int16",
  uint16: "uint16",
  float16: "float16",
  bfloat16: "bfloat16",
  int32: "int32",
  uint32: "uint32",
  float32: "float32",
  float64: "float64",
  int64: "int64",
  uint64: "uint64",
};

const STORAGE_TYPES: Record<string, DType> = {
  BoolStorage: "bool",
  ByteStorage: "uint8",
  CharStorage: "int8",
  ShortStorage: "int16",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  IntStorage: "int32",
  FloatStorage: "float32",
  DoubleStorage: "float64",
  LongStorage: "int64",
};

/** Data that people store beside their weights and that no tensor depends on. */
const INERT = [
  "argparse.Namespace",
  "collections.Counter",
  "datetime.datetime",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "numpy.core.numeric._frombuffer",
  "numpy._core.numeric._frombuffer",
  "numpy.dtype",
  "numpy.ndarray",
  "pathlib.Path",
  "pathlib.PosixPath",
  "pathlib.PurePosixPath",
  "pathlib.WindowsPath",
  "torch.device",
  "torch.torch_version.TorchVersion",
  "_codecs.encode",
  ...[
    "bool",
    "bytearray",
    "complex",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "set",
    "str",
    "tuple",
  ].flatMap((type) => [`builtins.${type}`, `__builtin__.${type}`]),
];

const PARAMETER = "torch.nn.parameter.Parameter";
const TENSOR_CLASSES = ["torch.Tensor", "torch._tensor.Tensor", PARAMETER];

const REMEDY =
  "Nothing in this file was executed. Store tensors alone: torch.save(model.state_dict(), path), or safetensors.";

/**
 * The lookup of globals for one file.
 *
 * @param where for messages  @returns a function that throws UnsafePickleError for a name that is not on the list
 */
export function torchGlobals(where: string): (module: string, name: string) => Value {
  const known = new Map<string, Extern>([
    ...Object.entries(ELEMENT_TYPES).map(
      ([name, dtype]) => [`torch.${name}`, new ElementType(dtype)] as const,
    ),
    ...Object.entries(STORAGE_TYPES).map(
      ([name, dtype]) => [`torch.${name}`, new StorageType(dtype)] as const,
    ),
    ["torch.storage.UntypedStorage", new StorageType("untyped")],
    ["torch.UntypedStorage", new StorageType("untyped")],
    ...INERT.map((name) => [name, new Inert(name)] as const),
    ...TENSOR_CLASSES.map((name) => [name, new Inert(name)] as const),
    ...callables(where).map((callable) => [callable.kind, callable] as const),
  ]);
  return (module, name) => {
    const value = known.get(`${module}.${name}`);
    if (value === undefined) throw new UnsafePickleError(where, `${module}.${name}`, REMEDY);
    return value;
  };
}

/** PyTorch's own functions that rebuild tensors (torch/_utils.py), and the containers. */
function callables(where: string): Callable[] {
  const rebuildTensor = new Callable("torch._utils._rebuild_tensor", ([storage, ...view]) => {
    return new TensorView(where, storage, undefined, view);
  });
  const rebuildTensorV2 = new Callable("torch._utils._rebuild_tensor_v2", ([storage, ...view]) => {
    refuseLazyBits(where, view[5]);
    return new TensorView(where, storage, undefined, view);
  });
  const rebuildTensorV3 = new Callable("torch._utils._rebuild_tensor_v3", ([storage, ...view]) => {
    const type = view[5];
    if (!(type instanceof ElementType)) throw new InvalidCheckpointError(where, "a dtype", kindOf(type));
    refuseLazyBits(where, view[6]);
    return new TensorView(where, storage, type.dtype, view);
  });
  const rebuilders = [rebuildTensor, rebuildTensorV2, rebuildTensorV3];
  return [
    ...rebuilders,
    new Callable("torch._utils._rebuild_parameter", ([data]) => tensor(where, data)),
    new Callable("torch._utils._rebuild_parameter_with_state", ([data]) => tensor(where, data)),
    // For tensors with attributes: (function, class, its arguments, the attributes).
    new Callable("torch._tensor._rebuild_from_type_v2", ([rebuild, type, args]) => {
      const plain = type instanceof Inert && TENSOR_CLASSES.includes(type.kind);
      if (!plain || !rebuilders.includes(rebuild as Callable) || !(args instanceof Tuple)) {
        throw new InvalidCheckpointError(where, "a plain tensor", kindOf(type));
      }
      return (rebuild as Callable).call(args.items);
    }),
    new Callable("torch.Size", ([sizes]) =>
      Array.isArray(sizes) ? new Tuple(sizes) : (sizes ?? new Tuple([])),
    ),
    new Callable("collections.OrderedDict", ([pairs]) => dictOf(where, pairs)),
    new Callable("collections.defaultdict", () => new Dict()),
  ];
}

/** An OrderedDict's items: none in Python 3, which adds them afterwards; a list of pairs in Python 2. */
function dictOf(where: string, pairs: Value | undefined): Dict {
  const dict = new Dict();
  if (pairs === undefined) return dict;
  for (const pair of Array.isArray(pairs) ? pairs : [pairs]) {
    const [key, value] = pair instanceof Tuple ? pair.items : Array.isArray(pair) ? pair : [];
    if (typeof key !== "string" || value === undefined) {
      throw new InvalidCheckpointError(where, "an OrderedDict's pairs of a name and a value", kindOf(pair));
    }
    dict.entries.set(key, value);
  }
  return dict;
}

function tensor(where: string, value: Value | undefined): TensorView {
  if (value instanceof TensorView) return value;
  throw new InvalidCheckpointError(where, "a parameter's tensor", kindOf(value));
}

/** A view that is to be conjugated or negated when it is read; `torch.save` writes None or a dict of what is to be done. */
function refuseLazyBits(where: string, metadata: Value | undefined): void {
  if (metadata instanceof Dict && metadata.entries.size > 0) {
    throw new InvalidCheckpointError(where, "a tensor without pending conjugation or negation", "one with");
  }
}
