/** Names and output of a submission that ends cells and elements, begins formulas, and steers terminals and CI. */

import { spawnSync } from "node:child_process";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evil, grading, hostile, outcome, result } from "../../test/example-grading.ts";
import { renderCsv } from "./csv.ts";
import { annotation, githubAnnotations } from "./github.ts";
import { markdown } from "./markdown.ts";
import { reporters } from "./reporters.ts";

it.each(Object.entries(reporters))(
  "%s: nothing steers a terminal, a log or a reader's eye",
  (_format, render) => {
    const text = render(hostile);
    expect(text.replaceAll(/\r?\n/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    // GitHub's runner looks for `::` after spaces at the beginning of a line, and for `##[` anywhere.
    expect(text).not.toMatch(/^\s*::|##\[/m);
  },
);

describe.each(["markdown", "github"] as const)("%s", (format) => {
  const text = reporters[format](hostile);

  it("has no tags but its own", () => {
    const tags = new Set(text.replace(/^ {2}```text\n(.*\n)*? {2}```$/gm, "").match(/<[^>]*>/g));
    const own = "<code> </code> <sup> </sup> <br> <details> </details> <summary> </summary>".split(" ");
    expect([...tags].filter((tag) => !own.includes(tag))).toEqual([]);
  });

  it("keeps what was printed behind a fence that it cannot close", () => {
    const stderr = "```\n</details>\n````";
    const failed = result({ status: "failed", reasons: ["It crashed."], run: outcome({ stderr }) });
    const block = "\n  `````text\n  | ```\n  | </details>\n  | ````\n  `````";
    expect(reporters[format](grading([failed]))).toContain(block);
  });

  it("has rows with as many cells as their table has columns", () => {
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    const widths = rows.map((row) => row.split("|").length - 2);
    expect([...new Set(widths)]).toEqual([5]);
  });
});

it("Markdown: links, mentions, formatting and lists are text", () => {
  expect(markdown("https://x.y www.x.y @all")).toBe("https&#58;//x.y www&#46;x.y &#64;all");
  expect(markdown("*a* _b_ `c` [d](e) ![f] ~g~")).toBe(
    "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\!\\[f\\] \\~g\\~",
  );
  expect(["- a", "+ a", "# a", "1. a", "12) a"].map((text) => markdown(text))).toEqual([
    "&#45; a",
    "&#43; a",
    "\\# a",
    "1&#46; a",
    "12&#41; a",
  ]);
  expect(["27.64", "-0.5", "FID-2048"].map((text) => markdown(text))).toEqual(["27.64", "-0.5", "FID-2048"]);
});

describe("CSV", () => {
  const formulas = ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", '=1,"2"'];

  it.each(formulas)("%j is no formula", (name) => {
    const [row] = parse(renderCsv([grading([result({ variant: name })])]), { columns: true }) as Record<
      string,
      string
    >[];
    expect(row!.variant).not.toMatch(/^[=+\-@\t\r\uff1d]/);
    expect(row!.variant).toContain(name.trim().replaceAll('"', '"').at(-1)!);
  });

  it("any name comes back in its row, and numbers are numbers", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (variant) => {
        const rows = parse(renderCsv([grading([result({ variant })])]), { columns: true }) as Record<
          string,
          string
        >[];
        expect(rows.map(({ name }) => name)).toEqual(["fid", "points"]);
        expect(rows[0]!.value).toBe("27.64");
      }),
      { numRuns: 30 },
    );
  });

  it("a negative number is not taken for a formula", () => {
    const metrics = [{ ...result().metrics[0]!, value: -0.25 }];
    expect(renderCsv([grading([result({ metrics })])])).toContain(",fid,-0.25,");
  });
});

describe("JUnit", () => {
  const python = process.env.PYTHON ?? "python3";
  const hasPython = spawnSync(python, ["-c", "import xml.etree"]).status === 0;
  /** Expat, which refuses what is not well-formed. */
  const program = `
import json, sys, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
tags = [element.tag for element in root.iter()]
print(json.dumps([root.tag, root.attrib, tags, [c.attrib["name"] for c in root.iter("testcase")]]))
`;
  it.skipIf(!hasPython)("a strict parser finds what was put in (skipped without Python)", () => {
    const { stdout, stderr } = spawnSync(python, ["-c", program], {
      input: reporters.junit(hostile),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const [root, counts, tags, names] = JSON.parse(stdout);
    expect(root).toBe("testsuites");
    expect(counts).toMatchObject({ tests: "3", failures: "2", errors: "0", skipped: "1" });
    const elements = "testsuites testsuite testcase failure system-out testcase failure testcase skipped";
    expect(tags).toEqual(elements.split(" "));
    expect(names[0]).toContain('"><script>|\\u{a}=cmd()|\\u{1b}[31m');
  });

  it("any name is well-formed text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (variant) => {
        const text = reporters.junit(grading([result({ variant })]));
        // XML 1.0, section 2.2: Char; section 2.4: < and & only as references.
        expect(text).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
        expect(text).not.toMatch(/&(?!(amp|lt|gt|quot|apos);)/);
        expect(text.match(/<testcase /g)).toHaveLength(1);
      }),
    );
  });
});

it("annotations stay on their line, and properties in their place", () => {
  for (const line of githubAnnotations(hostile)) {
    expect(line).not.toMatch(/[\r\n]/);
    expect(line).toMatch(/^::error title=[^:,]*::/);
  }
  expect(annotation("error", "a,b:c", `50% ${evil.slice(0, 14)}`)).toBe(
    '::error title=a%2Cb%3Ac::50%25 "><script>|\\u{a}=c',
  );
});
