import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { build, hashOfCode } from "./build.ts";
import { VERSION } from "./environment.ts";

describe("hashOfCode", () => {
  const root = mkdtempSync(join(tmpdir(), "touchstone-build-"));
  afterAll(() => rmSync(root, { recursive: true }));
  let folders = 0;
  const packages = (files: Record<string, string>): string => {
    const folder = join(root, String(folders++));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return join(folder, "packages");
  };
  const code = { "packages/a/src/b/one.ts": "1", "packages/c/src/two.ts": "2", "pnpm-lock.yaml": "3" };
  const hash = hashOfCode(packages(code));

  it("is the same for the same code anywhere, with whatever tests and other files", () => {
    const others = { "packages/a/src/b/one.test.ts": "x", "packages/a/dist/one.js": "x", "README.md": "x" };
    expect(hashOfCode(packages({ ...code, ...others }))).toBe(hash);
  });

  it.each([
    ["a file's text", { "packages/a/src/b/one.ts": "2" }],
    ["a new file", { "packages/a/src/b/three.ts": "" }],
    ["a dependency's version", { "pnpm-lock.yaml": "4" }],
  ])("tells %s", (_, change) => {
    expect(hashOfCode(packages({ ...code, ...change }))).not.toBe(hash);
  });

  it("does not take a boundary between files for nothing", () => {
    expect(hashOfCode(packages({ "packages/a/src/x.ts": "12" }))).not.toBe(
      hashOfCode(packages({ "packages/a/src/x.ts": "1", "packages/a/src/y.ts": "2" })),
    );
  });
});

it("names the version first", () => {
  expect(build()).toMatch(new RegExp(`^${VERSION.replaceAll(".", "\\.")}\\+[0-9a-f]{12}$`));
});
