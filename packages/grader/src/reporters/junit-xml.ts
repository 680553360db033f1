/** JUnit's XML, as CI systems read it: https://github.com/testmoapp/junitxml describes what they agree on. */

import XMLBuilder from "fast-xml-builder";
import { oneLine } from "./text.ts";

export interface Suite {
  name: string;
  cases: Case[];
  /** ISO 8601. */
  timestamp?: string;
}

export interface Case {
  classname: string;
  name: string;
  seconds?: number;
  /** Passed, where it is not given. An error is not the tested program's fault. */
  outcome?: { kind: "failure" | "error" | "skipped"; message: string; lines?: string[] };
  /** What was measured. */
  lines?: string[];
}

const builder = new XMLBuilder({
  format: true,
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
});

export function junitXml(suites: readonly Suite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "touchstone",
      ...counts(all),
      testsuite: suites.map(({ name, timestamp, cases }) => ({
        "@name": xml(name),
        ...counts(cases),
        ...(timestamp === undefined ? {} : { "@timestamp": xml(timestamp) }),
        testcase: cases.map(testcase),
      })),
    },
  });
}

function testcase({ classname, name, seconds, outcome, lines = [] }: Case) {
  return {
    "@classname": xml(classname),
    "@name": xml(name),
    ...(seconds === undefined ? {} : { "@time": seconds.toFixed(3) }),
    ...(outcome
      ? {
          [outcome.kind]: {
            "@message": xml(outcome.message),
            "#text": (outcome.lines ?? []).map(xml).join("\n"),
          },
        }
      : {}),
    ...(lines.length > 0 ? { "system-out": lines.map(xml).join("\n") } : {}),
  };
}

function counts(cases: readonly Case[]) {
  const count = (kind: string) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const time = cases.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  return {
    "@tests": cases.length,
    "@failures": count("failure"),
    "@errors": count("error"),
    "@skipped": count("skipped"),
    "@time": time.toFixed(3),
  };
}

/** Without the characters that XML 1.0 has no way to write (section 2.2): control characters are escaped, noncharacters left out. */
const xml = (text: string) => oneLine(text, 500).replace(/[\ufffe\uffff]/g, "");
