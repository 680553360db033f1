/** Every error that `@touchstone/jit` throws on purpose: one class per kind, each with a stable `code`. */

export class JitError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** The traced function did something whose result would be frozen into the graph. */
export class ImpureFunctionError extends JitError {
  constructor(what: string, remedy: string, line?: string) {
    super("JIT_IMPURE", `${what} inside a compiled function${at(line)}. ${remedy}`);
  }
}

/** A tfjs kernel that has no ONNX lowering. */
export class UnsupportedKernelError extends JitError {
  readonly kernel: string;

  constructor(kernel: string, why: string, line?: string) {
    super(
      "JIT_UNSUPPORTED_KERNEL",
      `The TensorFlow.js kernel '${kernel}' cannot be compiled${at(line)}: ${why}.`,
    );
    this.kernel = kernel;
  }
}

/** An argument or result that is no tree of tensors, typed arrays and static values. */
export class TreeError extends JitError {
  constructor(path: string, found: string, expected: string) {
    super("JIT_BAD_TREE", `${path}: expected ${expected}, found ${found}.`);
  }
}

/** A tensor that was disposed, or lives on a backend that is gone. */
export class DisposedTensorError extends JitError {
  constructor(what: string, line?: string) {
    super(
      "JIT_DISPOSED",
      `${what}${at(line)}: its data is gone. Use it before it is disposed, or pass it as an argument.`,
    );
  }
}

/** The function that was called after `dispose()`. */
export class DisposedFunctionError extends JitError {
  constructor() {
    super("JIT_FUNCTION_DISPOSED", "This compiled function was disposed and cannot be called again.");
  }
}

/** The requested device or engine is not present on this machine. */
export class DeviceUnavailableError extends JitError {
  readonly device: string;

  constructor(device: string, reason: string, remedy: string, options?: ErrorOptions) {
    super("JIT_NO_DEVICE", `The ${device} device cannot be used: ${reason}. ${remedy}`, options);
    this.device = device;
  }
}

/** ONNX Runtime refused the graph, or failed while running it. */
export class RuntimeFailure extends JitError {
  constructor(phase: "compile" | "run", device: string, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super("JIT_RUNTIME", `ONNX Runtime failed to ${phase} the graph on ${device}: ${detail}`, { cause });
  }
}

function at(line: string | undefined): string {
  return line === undefined ? "" : ` (${line})`;
}
