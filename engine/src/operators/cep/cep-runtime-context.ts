import { Diagnostic } from "../../base/diagnostic.ts";
import { StreamingRuntimeContext } from "../../flow/streaming-runtime-context.ts";

/** What conditions and pattern functions get as their runtime context: no state and no accumulators (Flink: `CepRuntimeContext`). */
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

  override addAccumulator(): never {
    throw accumulatorUnsupported("Accumulators");
  }

  override getAccumulator(): never {
    throw accumulatorUnsupported("Accumulators");
  }

  override getIntCounter(): never {
    throw accumulatorUnsupported("Int counters");
  }

  override getLongCounter(): never {
    throw accumulatorUnsupported("Long counters");
  }

  override getDoubleCounter(): never {
    throw accumulatorUnsupported("Double counters");
  }

  override getHistogram(): never {
    throw accumulatorUnsupported("Histograms");
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

function accumulatorUnsupported(what: string): Diagnostic {
  return new Diagnostic({
    code: "CEP_ACCUMULATOR_UNSUPPORTED",
    message: `${what} are not supported.`,
    phase: "runtime",
    found: "an accumulator in a condition or function of a pattern",
    hint: "Count with a metric (getRuntimeContext().getMetricGroup().counter(name)), or in a function behind the pattern.",
  });
}
