#!/usr/bin/env node
// `pnpm predict`: runs the command from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/predict.ts");
