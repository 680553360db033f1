import type { Progress } from "@touchstone/cli";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ticking } from "./ticking.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

it("tells the seconds that have passed, up to the limit, and returns the result", async () => {
  let resolve = (_: string) => {};
  const promise = new Promise<string>((settle) => {
    resolve = settle;
  });
  const work = ticking("p1: running", 2, promise);
  const steps: Progress[] = [];
  for (let i = 0; i < 3; i++) {
    steps.push((await work.next()).value as Progress);
    vi.advanceTimersByTime(1500);
  }
  expect(steps[0]).toEqual({ label: "p1: running", done: 0, total: 2, unit: "s of its limit" });
  expect(steps.map(({ done }) => done)).toEqual([0, 1, 2]);
  resolve("outcome");
  expect(await work.next()).toEqual({ done: true, value: "outcome" });
});

it("fails with the promise, also where that failed at once", async () => {
  const work = ticking("p1: running", 5, Promise.reject(new Error("stop")));
  await work.next();
  await expect(work.next()).rejects.toThrow("stop");
});
