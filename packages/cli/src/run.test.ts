import { describe, expect, it, vi } from "vitest";
import { Command, ExitCode, exitCodeOf, integer, number, runProgram, UsageError } from "./index.ts";

async function run(action: () => void, argv: string[] = []) {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  process.exitCode = undefined;
  const program = new Command("demo").option("-n <n>", "", integer("-n", 1, 9)).action(action);
  const code = await runProgram(program, argv);
  const texts = [stdout, stderr].map((spy) => spy.mock.calls.map(([text]) => text).join(""));
  vi.restoreAllMocks();
  process.exitCode = undefined;
  return { code, stdout: texts[0]!, stderr: texts[1]! };
}

describe("exit codes", () => {
  it("0, or what the action set", async () => {
    expect((await run(() => {})).code).toBe(0);
    const below = () => {
      process.exitCode = ExitCode.below;
    };
    expect((await run(below)).code).toBe(1);
  });

  it("an error's own, in one line without a stack", async () => {
    const { code, stderr } = await run(() => {
      throw Object.assign(new Error("out/7.png: expected 28x28, found 32x32."), { exitCode: 3 });
    });
    expect({ code, stderr }).toEqual({ code: 3, stderr: "demo: out/7.png: expected 28x28, found 32x32.\n" });
  });

  it("4 with a stack for what nobody threw on purpose", async () => {
    const { code, stderr } = await run(() => {
      throw new TypeError("undefined is not a function");
    });
    expect(code).toBe(4);
    expect(stderr).toContain("run.test.ts");
  });

  it("2 for options nobody knows and values that cannot be", async () => {
    expect((await run(() => {}, ["--nonsense"])).code).toBe(2);
    const { code, stderr } = await run(() => {}, ["-n", "1e1"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'demo: -n: expected a whole number from 1 to 9, found "1e1".\n',
    });
  });

  it("0 for --help, on stdout", async () => {
    const { code, stdout } = await run(() => {}, ["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: demo");
  });

  it("control characters of a hostile message do not reach the terminal", async () => {
    const { stderr } = await run(() => {
      throw new UsageError("--name", "a name", "\u001b[2Jx");
    });
    expect(stderr).toBe("demo: --name: expected a name, found \\u{1b}[2Jx.\n");
  });

  it("a missing device is the user's to mend, an abort an interruption", () => {
    expect(exitCodeOf({ code: "JIT_NO_DEVICE" })).toBe(2);
    expect(exitCodeOf(new DOMException("stop", "AbortError"))).toBe(130);
    expect(exitCodeOf("boom")).toBe(4);
  });
});

describe("numbers", () => {
  it.each(["", " ", "1.5", "ten", "0x10", "1e3", "99999999999999999999"])("%j is no whole number", (text) => {
    expect(() => integer("--n")(text)).toThrow(UsageError);
  });

  it.each(["", "NaN", "Infinity", "1,5", "-0.1"])("%j is no number of at least 0", (text) => {
    expect(() => number("--x", 0)(text)).toThrow("--x: expected a number of at least 0");
  });

  it("that can be used", () => {
    expect(integer("--n", 0)("12")).toBe(12);
    expect(number("--x")("-2.5e-3")).toBe(-0.0025);
  });
});
