/**
 * Runs the kernel suites on ONNX Runtime's WebGPU provider: on the machine's GPU, or without one on SwiftShader, the
 * software Vulkan driver that comes with Chromium.
 *
 *   pnpm test:webgpu          see --help
 */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const SUITES = [
  ...["unary", "binary", "reduce", "shape", "assemble", "matmul", "conv"],
  ...["pool", "resize", "normalize", "gather", "scatter", "sort", "einsum"],
  ...["layout", "gradients-values", "gradients-places", "gradients-twice", "fused", "golden", "webgpu"],
];

const HELP = `Run the kernel tests of @touchstone/jit on ONNX Runtime's WebGPU provider.

Usage: pnpm test:webgpu [SUITE...] [VITEST OPTION...]

  SUITE           ${SUITES.join(" ")}
                  (default: all of them)
  VITEST OPTION   handed on to vitest, e.g. -t softmax
  --help          this text

Tests that fail on this provider for a known reason are skipped, with the reason: test/webgpu-known.ts lists them.

Environment:
  VK_ICD_FILENAMES              the Vulkan driver (default: the system's; on Linux SwiftShader of an installed Chromium)
  TOUCHSTONE_TEST_RUNS          random inputs of each property test (default: 2)
  TOUCHSTONE_WEBGPU_KNOWN=run   run the known failures as well

Exit codes: 0 all passed; 1 a test failed; 2 there is no WebGPU adapter here, or vitest did not start.`;

const packageRoot = resolve(import.meta.dirname, "..");
const ICD = "vk_swiftshader_icd.json";

async function main(): Promise<number> {
  const args = process.argv.slice(2).filter((arg, i) => !(i === 0 && arg === "--")); // pnpm hands on its own `--`
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  process.env.TOUCHSTONE_TEST_DEVICE = "webgpu";
  process.env.TOUCHSTONE_TEST_RUNS ??= "2";
  chooseDriver();
  if (!(await hasAdapter())) return 2;
  return runVitest(args);
}

/** The Vulkan loader reads the variable when the provider starts, so setting it in this process is early enough. */
function chooseDriver(): void {
  if (process.env.VK_ICD_FILENAMES) {
    console.log(`driver    ${process.env.VK_ICD_FILENAMES} (VK_ICD_FILENAMES)`);
    return;
  }
  const found = process.platform === "linux" ? findSwiftShader() : undefined;
  if (found) process.env.VK_ICD_FILENAMES = found;
  console.log(
    found ? `driver    ${found} (SwiftShader: set VK_ICD_FILENAMES for another)` : "driver    the system's",
  );
}

function findSwiftShader(): string | undefined {
  for (const root of ["/usr/lib", "/usr/lib64"]) {
    for (const folder of list(root).filter((name) => name.startsWith("chromium"))) {
      if (list(join(root, folder)).includes(ICD)) return join(root, folder, ICD);
    }
  }
  return undefined;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

async function hasAdapter(): Promise<boolean> {
  const tf = await import("@tensorflow/tfjs");
  const { DeviceUnavailableError, jit } = await import("../src/index.ts");
  const twice = jit((x: import("@tensorflow/tfjs").Tensor) => tf.mul(x, 2), { device: "webgpu" });
  try {
    const [y] = await (await twice(tf.tensor1d([1, 2]))).data();
    console.log(`adapter   found: 2 * 1 = ${y}`);
    return true;
  } catch (error) {
    if (!(error instanceof DeviceUnavailableError)) throw error;
    console.error(
      [
        "No WebGPU adapter can be used here.",
        "  expected: a GPU with a Vulkan, Metal or Direct3D 12 driver, or SwiftShader",
        `  found:    ${error.message}`,
        "  do:       apt-get install libvulkan1 chromium     (Linux without a GPU: the loader, and SwiftShader)",
        "            VK_ICD_FILENAMES=/path/to/icd.json pnpm test:webgpu     (a driver in another place)",
      ].join("\n"),
    );
    return false;
  } finally {
    await twice.dispose();
  }
}

function runVitest(args: string[]): number {
  const chosen = args.filter((arg) => SUITES.includes(arg));
  const files = (chosen.length > 0 ? chosen : SUITES).map((suite) => `test/${suite}.test.ts`);
  const rest = args.filter((arg) => !chosen.includes(arg));
  const child = spawnSync("pnpm", ["exec", "vitest", "run", ...files, ...rest], {
    cwd: packageRoot,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (child.error) console.error(`vitest did not start: ${child.error.message}`);
  return child.status ?? 2;
}

process.exitCode = await main();
