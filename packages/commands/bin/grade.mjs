#!/usr/bin/env node
// `pnpm grade`: runs the command from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/grade.ts");
