/** Asks a Python where a package lies, without importing it. */

import { spawnSync } from "node:child_process";

// sys.path[0] is the working directory under -c: a folder there named like the package would be taken for it.
const SCRIPT = `
import importlib.util, json, sys
sys.path[:] = [p for p in sys.path if p]
spec = importlib.util.find_spec(sys.argv[1])
print(json.dumps(list(spec.submodule_search_locations or []) if spec else []))
`;

/** The package's folders (none when it is not installed), or a clause that says why Python did not answer. */
export function locatePythonPackage(
  python: string,
  name: string,
  { env, cwd }: { env: NodeJS.ProcessEnv; cwd: string },
): string[] | string {
  const { error, status, stdout, stderr } = spawnSync(python, ["-c", SCRIPT, name], {
    env,
    cwd,
    encoding: "utf8",
  });
  if (error) return `${python} cannot be run (${(error as NodeJS.ErrnoException).code})`;
  if (status !== 0) return `${python} failed: ${stderr.trim().split("\n").at(-1)}`;
  return JSON.parse(stdout) as string[];
}
