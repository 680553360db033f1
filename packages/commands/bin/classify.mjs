#!/usr/bin/env node
// `pnpm classify`: runs the command from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/classify.ts");
