/** Which statistics may be compared. */

import { describe, expect, it } from "vitest";
import { GRAPH_SHA256, STATE_DICT_SHA256 } from "../inception/original-weights.ts";
import { UnlikeProtocolsError } from "./errors.ts";
import { type Fingerprint, parseFingerprint, requireSameProtocol } from "./fingerprint.ts";

const base: Fingerprint = {
  extractor: "inception-v3-fid",
  version: "1.0.0",
  weightsSha256: "ab".repeat(32),
  resize: "pytorch",
  dims: 2048,
  n: 1000,
  filesSha256: "cd".repeat(32),
};

describe("comparing", () => {
  it("other images of the same protocol", () => {
    const other: Fingerprint = { ...base, n: 2025, filesSha256: "ef".repeat(32) };
    requireSameProtocol(base, other);
  });

  it.each<[keyof Fingerprint, string | number]>([
    ["extractor", "dino-v2"],
    ["version", "2.0.0"],
    ["weightsSha256", "00".repeat(32)],
    ["resize", "clean"],
    ["dims", 768],
  ])("another %s is refused unless forced", (field, value) => {
    const other = { ...base, [field]: value };
    expect(() => requireSameProtocol(base, other)).toThrow(UnlikeProtocolsError);
    expect(() => requireSameProtocol(base, other)).toThrow(String(value));
    requireSameProtocol(base, other, { force: true });
  });

  it("the error lists every difference", () => {
    try {
      requireSameProtocol(base, { ...base, resize: "clean", version: "2.0.0" });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: "FID_UNLIKE_PROTOCOLS",
        exitCode: 2,
        differences: [
          { field: "version", first: "1.0.0", second: "2.0.0" },
          { field: "resize mode", first: "pytorch", second: "clean" },
        ],
      });
    }
  });

  it("what was made with the original weights, whichever published file they came by", () => {
    const [stateDict, graph] = [STATE_DICT_SHA256, GRAPH_SHA256].map((weightsSha256) =>
      parseFingerprint({ ...base, weightsSha256 }, "val.npz"),
    );
    requireSameProtocol(stateDict, graph);
  });

  it("without a fingerprint there is nothing to refuse by", () => {
    requireSameProtocol(undefined, base);
    requireSameProtocol(base, undefined);
  });
});
