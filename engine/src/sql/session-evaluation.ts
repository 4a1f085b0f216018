import type { SessionSettings } from "./5-execute/operators/sql-operator.ts";
import type { EvalContext } from "./functions/scalar-function.ts";

/** For what is evaluated outside operators (constants, sources, sinks): no clock and no chance there, only the session's time zone. */
export function sessionEvaluation(session: Pick<SessionSettings, "zoneOffsetMs">): EvalContext {
  return {
    currentMs: () => 0,
    currentWatermark: () => null,
    random: () => 0,
    zoneOffsetMs: (epochMs) => session.zoneOffsetMs(epochMs),
  };
}
