/** The software Vulkan driver that comes with Chromium. */

import { readdirSync } from "node:fs";
import { join } from "node:path";

const ICD = "vk_swiftshader_icd.json";

export function findSwiftShader(): string | undefined {
  for (const root of ["/usr/lib", "/usr/lib64"]) {
    for (const folder of list(root).filter((name) => name.startsWith("chromium"))) {
      if (list(join(root, folder)).includes(ICD)) return join(root, folder, ICD);
    }
  }
  return undefined;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
