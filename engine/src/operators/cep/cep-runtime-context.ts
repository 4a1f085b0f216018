import { Diagnostic } from "../../base/diagnostic.ts";
import { StreamingRuntimeContext } from "../../flow/streaming-runtime-context.ts";

/** What conditions and pattern functions get as their runtime context: everything but state (Flink: `CepRuntimeContext`). */
export class CepRuntimeContext extends StreamingRuntimeContext {
  override getState(): never {
    throw stateUnsupported();
  }

  override getListState(): never {
    throw stateUnsupported();
  }

  override getMapState(): never {
    throw stateUnsupported();
  }

  override getReducingState(): never {
    throw stateUnsupported();
  }

  override getAggregatingState(): never {
    throw stateUnsupported();
  }
}

function stateUnsupported(): Diagnostic {
  return new Diagnostic({
    code: "CEP_STATE_UNSUPPORTED",
    message: "State is not supported.",
    phase: "runtime",
    found: "keyed state in a condition or function of a pattern",
    hint: "Look at earlier events with ctx.getEventsForPattern(name), or keep state in a process function behind the pattern.",
  });
}
