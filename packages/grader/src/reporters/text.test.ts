import { expect, it } from "vitest";
import { lastLines, listed, oneLine } from "./text.ts";

it("one line, of whole characters, without commands", () => {
  expect(oneLine("a\nb\u001b[31m\u202e")).toBe("a\\u{a}b\\u{1b}[31m\\u{202e}");
  expect(oneLine("🙂🙂🙂", 3)).toBe("🙂🙂🙂");
  expect(oneLine("🙂🙂🙂🙂", 3)).toBe("🙂🙂🙂...");
  expect(oneLine("x".repeat(1e6))).toHaveLength(303);
  expect(oneLine("##[error]")).toBe("# #[error]");
});

it("the last lines of what was printed, with a progress bar's returns as ends of lines", () => {
  expect(lastLines("1\n2\r\n\n 10%\r 20%\n3", 3)).toEqual([" 10%", " 20%", "3"]);
  expect(lastLines("x\n".repeat(1e6))).toHaveLength(20);
  expect(lastLines("")).toEqual([]);
});

it("some names, and how many there are", () => {
  expect(listed([], 0)).toBe("");
  expect(listed(["a", "b"], 2)).toBe("a, b");
  expect(listed(["a", "b", "c", "d", "e", "f"], 40)).toBe("a, b, c, d, e and 35 more");
});
