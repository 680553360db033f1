/** That work comes out in order, within its bound, and that nothing is left behind however it ends. */

import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../test/image-files.ts";
import { mapOrdered } from "./ordered.ts";

/** Counts what is between its start and its handing over. */
function counter() {
  const count = { held: 0, most: 0, running: 0, started: 0 };
  const work =
    <T>(ticks: (item: T) => number, fail: (item: T) => boolean = () => false) =>
    async (item: T): Promise<T> => {
      count.started++;
      count.running++;
      count.most = Math.max(count.most, ++count.held);
      for (let tick = ticks(item); tick > 0; tick--) await sleep(0);
      count.running--;
      if (fail(item)) throw new Error(`failed ${item}`);
      return item;
    };
  return { count, work };
}

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await sleep(5);
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("mapOrdered", () => {
  it("keeps order and bound, whatever is ready first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(6), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (ticks, limit) => {
          const { count, work } = counter();
          const seen: number[] = [];
          for await (const item of mapOrdered(
            ticks.keys(),
            limit,
            work((item) => ticks[item]!),
          )) {
            seen.push(item);
            expect(count.held).toBeLessThanOrEqual(limit);
            await sleep(0);
            count.held--;
          }
          expect(seen).toEqual([...ticks.keys()]);
          expect(count.most).toBe(Math.min(limit, ticks.length));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("waits for what is running when the consumer stops, and starts nothing more", async () => {
    const { count, work } = counter();
    const slow = work<number>(() => 5);
    for await (const item of mapOrdered(Array(100).keys(), 4, slow)) if (item === 2) break;
    expect(count.running).toBe(0);
    const { started } = count;
    expect(started).toBeLessThan(10);
    await sleep(5);
    expect(count.started).toBe(started);
  });

  it("swallows later failures when the consumer stops or fails before they come up", async () => {
    const failing = counter().work<number>(
      (item) => item,
      (item) => item > 0,
    );
    for await (const item of mapOrdered([0, 1, 2, 3], 4, failing)) {
      expect(item).toBe(0);
      break;
    }
    const consume = async () => {
      for await (const _ of mapOrdered([0, 1, 2, 3], 4, failing)) throw new Error("consumer");
    };
    await expect(consume()).rejects.toThrow("consumer");
  });

  it("throws the first failure in order, after the items before it", async () => {
    const { count, work } = counter();
    const failing = work<number>(
      (item) => 5 - item,
      (item) => item >= 2,
    );
    const seen: number[] = [];
    const consume = async () => {
      for await (const item of mapOrdered([0, 1, 2, 3, 4], 5, failing)) seen.push(item);
    };
    await expect(consume()).rejects.toThrow("failed 2");
    expect(seen).toEqual([0, 1]);
    expect(count.running).toBe(0);
  });

  it("stops with the signal's reason", async () => {
    const { count, work } = counter();
    const controller = new AbortController();
    const slow = work<number>(() => 2);
    const consume = async () => {
      for await (const item of mapOrdered(Array(100).keys(), 4, slow, controller.signal)) {
        if (item === 3) controller.abort(new Error("enough"));
      }
    };
    await expect(consume()).rejects.toThrow("enough");
    expect(count.running).toBe(0);
    await expect(collect(mapOrdered([1], 1, slow, controller.signal))).rejects.toThrow("enough");
    expect(count.started).toBeLessThan(10);
  });
});
