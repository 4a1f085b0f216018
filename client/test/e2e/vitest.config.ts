import { mergeConfig } from "vitest/config";
import journeys from "../journey/vitest.config.ts";

/** All journeys, the longer ones too. */
export default mergeConfig(journeys, { test: { include: ["test/e2e/**/*.test.ts"] } });
