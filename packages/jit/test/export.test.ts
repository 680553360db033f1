/** `onnx()` gives models that other ONNX tools accept and run with the numbers of the compiled function. */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import onnxProto from "onnx-proto";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Exported, exportModels, type Recorded } from "../scripts/export-models.ts";
import { expectClose } from "./agreement.ts";
import { TOLERANCE } from "./engine.ts";

const CHECK = fileURLToPath(new URL("../scripts/check_export.py", import.meta.url));
const PYTHON = process.env.PYTHON || "python3";
const python = (...args: string[]) => promisify(execFile)(PYTHON, args, { timeout: 50_000 });

let directory: string;
let exported: Exported[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "touchstone-export-"));
  exported = await exportModels(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function feed({ dtype, shape, data }: Recorded): ort.Tensor {
  if (dtype === "float32") return new ort.Tensor("float32", Float32Array.from(data), shape);
  if (dtype === "int32") return new ort.Tensor("int32", Int32Array.from(data), shape);
  if (dtype === "uint8") return new ort.Tensor("uint8", Uint8Array.from(data), shape);
  throw new Error(`No exported graph takes ${dtype}.`);
}

describe("exported models", () => {
  it("use the standard domain and opset 18 only", () => {
    for (const { name, model } of exported) {
      const { opsetImport, graph } = onnxProto.onnx.ModelProto.decode(model);
      const imports = opsetImport!.map(({ domain, version }) => [domain ?? "", Number(version)]);
      expect(imports, name).toEqual([["", 18]]);
      expect(new Set(graph!.node!.map((node) => node.domain ?? "")), name).toEqual(new Set([""]));
    }
  });

  it("give the compiled function's numbers in another session, inputs and outputs named by path", async () => {
    for (const { name, model, inputs, outputs } of exported) {
      const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
      expect([...session.inputNames].sort(), name).toEqual(Object.keys(inputs).sort());
      expect([...session.outputNames].sort(), name).toEqual(Object.keys(outputs).sort());
      const feeds = Object.entries(inputs).map(([path, recorded]) => [path, feed(recorded)]);
      const found = await session.run(Object.fromEntries(feeds));
      for (const [path, want] of Object.entries(outputs)) {
        const { type, dims, data } = found[path]!;
        expect({ type, dims: [...dims] }, `${name}, ${path}`).toEqual({ type: want.dtype, dims: want.shape });
        expectClose(Array.from(data as Float32Array, Number), want.data, TOLERANCE, `${name}, ${path}`);
      }
      await session.release();
    }
  });

  it("pass ONNX's checker and run in Python's ONNX Runtime and in ONNX's reference evaluator", async (context) => {
    const found = await python("-c", "import onnx, onnxruntime").catch(() => undefined);
    if (!found) context.skip(`${PYTHON} cannot import onnx and onnxruntime (set PYTHON to one that can)`);
    const { stdout } = await python(CHECK, directory); // It exits with 1, and so rejects, where a model fails.
    const results = JSON.parse(stdout) as Record<"name" | "onnxruntime" | "reference", unknown>[];
    expect(results.map(({ name }) => name).sort()).toEqual(exported.map(({ name }) => name).sort());
    for (const { name, onnxruntime, reference } of results) {
      expect(onnxruntime, `${name} in ONNX Runtime`).toBeLessThanOrEqual(1e-5);
      expect(reference, `${name} in the reference evaluator`).toBeLessThanOrEqual(1e-5);
    }
  });
});
