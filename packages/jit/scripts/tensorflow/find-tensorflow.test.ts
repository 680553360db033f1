/** Finding things on the machine, with made-up folders: no compiler, no TensorFlow and no network is needed. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBindingPackages } from "./find-binding-packages.ts";
import { findTensorFlow } from "./find-tensorflow.ts";
import { SetupError } from "./setup-error.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "find-tensorflow-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function touch(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
}

const headers = (include: string) => [
  `${include}/tensorflow/c/eager/c_api.h`,
  `${include}/tensorflow/core/platform/ctstring_internal.h`,
];

test("a wheel's layout: headers inside the folder, CUDA's libraries beside it", () => {
  touch("site/tensorflow/libtensorflow_cc.so.2", "site/tensorflow/libtensorflow_framework.so.2");
  touch(
    ...headers("site/tensorflow/include"),
    "site/nvidia/cudnn/lib/libcudnn.so.9",
    "site/nvidia/empty/readme",
  );
  const found = findTensorFlow({ env: { TENSORFLOW_LIB_DIR: "site/tensorflow" }, cwd: root });
  expect(found.libraries).toEqual(["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]);
  expect(found.includeDir).toBe(join(root, "site/tensorflow/include"));
  expect(found.cudaLibDirs).toEqual([join(root, "site/nvidia/cudnn/lib")]);
});

test("the C tarball's layout: lib/ and include/ side by side", () => {
  touch("lib/libtensorflow.so", "lib/libtensorflow_framework.so", ...headers("include"));
  const found = findTensorFlow({ env: { TENSORFLOW_LIB_DIR: join(root, "lib") }, cwd: "/" });
  expect(found.libraries).toEqual(["libtensorflow.so", "libtensorflow_framework.so"]);
  expect(found.includeDir).toBe(join(root, "include"));
});

test("the package is taken from PYTHONPATH, never from a folder of that name where the user stands", () => {
  touch(
    "site/tensorflow/__init__.py",
    "site/tensorflow/libtensorflow_cc.so.2",
    "site/tensorflow/libtensorflow_framework.so.2",
  );
  touch(...headers("site/tensorflow/include"), "here/tensorflow/__init__.py");
  const env = { ...process.env, PYTHONPATH: join(root, "site"), TENSORFLOW_LIB_DIR: "" };
  const found = findTensorFlow({ env, cwd: join(root, "here") });
  expect(found.libDir).toBe(join(root, "site/tensorflow"));
});

test.each([
  [{ TENSORFLOW_LIB_DIR: "nosuch" }, /no such folder/],
  [
    { TENSORFLOW_LIB_DIR: "half" },
    /libtensorflow_framework\.so\.2.*\n.*shared libraries there: libtensorflow_cc/,
  ],
  [{ TENSORFLOW_LIB_DIR: "bare" }, /c_api\.h.*TENSORFLOW_INCLUDE_DIR/s],
  [{ PYTHON: "./no-python" }, /no-python cannot be run \(ENOENT\)/],
])("%o is refused with what was expected, found and to do", (env, message) => {
  touch("half/libtensorflow_cc.so.2", "bare/libtensorflow_cc.so.2", "bare/libtensorflow_framework.so.2");
  const find = () => findTensorFlow({ env, cwd: root });
  expect(find).toThrow(SetupError);
  expect(find).toThrow(message);
  expect(find).toThrow(/expected: .*found: .*do: /s);
});

test("without tfjs-node the message has the command that adds it", () => {
  touch("package.json");
  expect(() => findBindingPackages(undefined, [root])).toThrow(
    /pnpm add -w @tensorflow\/tfjs-node@4\.22\.0 --ignore-scripts/,
  );
});
