import { expect, it } from "vitest";
import { follow, type Progress, progressRenderer, type Work } from "../index.ts";

const steps = (label: string, total: number): Progress[] =>
  Array.from({ length: total + 1 }, (_, done) => ({
    label,
    done,
    total,
    unit: "images",
    details: { loss: `0.${done}` },
  }));

/** Shows `progress`, one step a second. */
function rendered(progress: Progress[], isTTY: boolean): string {
  let text = "";
  let time = 0;
  const renderer = progressRenderer(
    { isTTY, columns: 100, write: (part: string) => (text += part) },
    () => time,
  );
  for (const step of progress) {
    renderer.show(step);
    time += 1000;
  }
  renderer.end();
  return text;
}

it("a line every ten seconds and the last one, when piped", () => {
  expect(rendered(steps("epoch 1", 25), false).split("\n")).toEqual([
    "epoch 1  40 %, 10/25 images, 1.00 images/s, 15 s left, loss 0.10",
    "epoch 1  80 %, 20/25 images, 1.00 images/s, 5.0 s left, loss 0.20",
    "epoch 1  100 %, 25/25 images, 0.96 images/s, 26 s, loss 0.25",
    "",
  ]);
});

it("one line for each label, rewritten, on a terminal", () => {
  const text = rendered([...steps("read", 1), ...steps("score", 2)], true);
  const lines = text.split("\n");
  expect(lines.length).toBe(3);
  expect(lines[1]!.split("\r\u001b[2K").slice(1)).toEqual([
    "score  [------------------------] 0 %, 0/2 images, loss 0.0",
    "score  [############------------] 50 %, 1/2 images, 1.00 images/s, 1.0 s left, loss 0.1",
    "score  [########################] 100 %, 2/2 images, 1.00 images/s, 2.0 s, loss 0.2",
  ]);
});

it("follow returns what the work returns, and ends the line when it throws", async () => {
  const events: unknown[] = [];
  const renderer = { show: (p: Progress) => events.push(p.done), end: () => events.push("end") };
  async function* work(fails: boolean): Work<string> {
    yield { label: "x", done: 1, unit: "steps" };
    if (fails) throw new Error("boom");
    return "made";
  }
  expect(await follow(work(false), renderer)).toBe("made");
  await expect(follow(work(true), renderer)).rejects.toThrow("boom");
  expect(events).toEqual([1, "end", 1, "end"]);
});
