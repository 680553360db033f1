import { afterEach, expect, it, vi } from "vitest";
import { threadsOption } from "./threads.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("the option before the variable, and neither is the runtime's default", () => {
  vi.stubEnv("TOUCHSTONE_THREADS", "");
  expect(threadsOption(undefined)).toEqual({});
  vi.stubEnv("TOUCHSTONE_THREADS", "3");
  expect(threadsOption(undefined)).toEqual({ intraOpNumThreads: 3 });
  expect(threadsOption(1)).toEqual({ intraOpNumThreads: 1 });
});

it.each(["0", "-1", "1.5", "two", " 2", "99999"])("%j is no number of threads", (text) => {
  vi.stubEnv("TOUCHSTONE_THREADS", text);
  expect(() => threadsOption(undefined)).toThrow(/TOUCHSTONE_THREADS: expected a whole number/);
});
