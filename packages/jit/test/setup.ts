/** The same random cases at every run, so that a failure is the change's; `TOUCHSTONE_TEST_SEED` tries others. */

import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.TOUCHSTONE_TEST_SEED ?? 20261124) });
