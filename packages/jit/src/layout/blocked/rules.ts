import type { Rule } from "../pass.ts";

export const BLOCKED_RULES: Readonly<Record<string, Rule>> = {};
