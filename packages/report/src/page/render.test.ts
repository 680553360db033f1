import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { example, exampleOutput, exampleTables, HOSTILE } from "../../test/example.ts";
import { reportModel } from "../model/report-model.ts";
import { html, markupOf } from "./html.ts";
import { renderReport } from "./render.ts";

const empty = { title: "Nothing", facts: [], sections: [] };

test("a template escapes what it is given, in text and in attributes", () => {
  const markup = markupOf(html`<p title="${`"'<>&`}">${["<b>", html`<i>${"<"}</i>`, undefined, 3]}</p>`);
  expect(markup).toBe('<p title="&quot;&#39;&lt;&gt;&amp;">&lt;b&gt;<i>&lt;</i>3</p>');
  expect(markupOf(html`${"a\u202egnp.exe\0"}`)).toBe("a\\u{202e}gnp.exe\\u{0}");
});

test("the policy allows the script and the style that are there, and no other", () => {
  const page = renderReport(empty);
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
  const hashes = ["script", "style"].map((tag) => {
    const [, text] = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(page)!;
    return `${tag}-src &#39;sha256-${createHash("sha256").update(text!).digest("base64")}&#39;`;
  });
  expect(policy!.split("; ")).toEqual([
    "default-src &#39;none&#39;",
    "img-src data:",
    hashes[1],
    hashes[0],
    "base-uri &#39;none&#39;",
    "form-action &#39;none&#39;",
  ]);
});

test("the same grading gives the same page, and nothing in it leads elsewhere", async () => {
  const make = async () =>
    renderReport(
      await reportModel(example(), { tables: exampleTables, outputOf: (result) => exampleOutput(result) }),
    );
  const page = await make();
  expect(await make()).toBe(page);
  const links = [...page.matchAll(/(?:src|href)="([^"]{0,40})/g)].map(([, link]) => link!);
  expect(links.filter((link) => !/^(#|data:)/.test(link))).toEqual([]);
  expect(["url(", "@import", " style=", "javascript:"].filter((text) => page.includes(text))).toEqual([]);
});

test("nothing that a submission said becomes markup", async () => {
  const page = renderReport(
    await reportModel(example("a", { hostile: HOSTILE }), {
      tables: exampleTables,
      outputOf: (result) => exampleOutput(result, { hostile: HOSTILE }),
    }),
  );
  expect(page.split("<script").length).toBe(2);
  const unwanted = ["<img src=x", "</script><", "\u202e", "\u001b", "\u0007"];
  expect(unwanted.filter((text) => page.includes(text))).toEqual([]);
  expect(page.split("&lt;img src=x").length).toBeGreaterThan(20);
});
