import { runAsyncIo } from "./asyncio-cases.ts";
import { runError } from "./error-cases.ts";
import { runFailover } from "./failover-cases.ts";
import { runUpgradeCase } from "./upgrade-cases.ts";

interface UpgradeSuiteCase {
  readonly id: string;
  readonly area: string;
}

/** Runs one recorded case; null when it passes, else its first difference. */
export function runCase(caseJson: unknown): string | null {
  const { area } = caseJson as UpgradeSuiteCase;
  switch (area) {
    case "asyncio":
      return runAsyncIo(caseJson);
    case "errors":
      return runError(caseJson);
    case "failover":
      return runFailover(caseJson);
    case "upgrade":
      return runUpgradeCase(caseJson);
    default:
      return `not covered yet: cases of area ${area}`;
  }
}
