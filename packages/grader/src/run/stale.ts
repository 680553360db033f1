/** What runs left whose grader was killed: processes that nothing else ended, control groups, folders. */

import { ControlGroup } from "./cgroup.ts";
import { removeStaleWorkspaces } from "./workspace.ts";

export async function removeStaleRuns(): Promise<void> {
  await ControlGroup.removeStale();
  await removeStaleWorkspaces();
}
