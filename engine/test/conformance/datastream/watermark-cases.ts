import { Duration } from "../../../src/base/duration.ts";
import { TimestampsAndWatermarksOperator } from "../../../src/operators/timestamps-and-watermarks-operator.ts";
import { StatusWatermarkValve } from "../../../src/operators/watermarks/status-watermark-valve.ts";
import { timestampOf, type WatermarkGenerator, type WatermarkOutput } from "../../../src/operators/watermarks/watermark-generator.ts";
import { WatermarkOutputMultiplexer } from "../../../src/operators/watermarks/watermark-output-multiplexer.ts";
import { WatermarkStrategy } from "../../../src/operators/watermarks/watermark-strategy.ts";
import { OneInputOperatorHarness } from "../../../src/testing.ts";
import { type DataStreamCase, decodeLong, encodeLongs, type JsonObject } from "./case-format.ts";
import { compareSteps } from "./compare-steps.ts";
import { runOperatorCase } from "./operator-case.ts";
import { asLong, longValue } from "./recorder-values.ts";

type Event = JsonObject;

/** Of the recorder: Flink's default. */
const AUTO_WATERMARK_INTERVAL_MS = 200;

function strategyOf(pipeline: JsonObject): WatermarkStrategy<Event> {
  let strategy = baseStrategy(pipeline);
  const field = pipeline["timestampField"] as string | undefined;
  if (field) strategy = strategy.withTimestampAssigner((event) => timestampIn(event, field));
  if (pipeline["idleMs"]) strategy = strategy.withIdleness(Duration.ofMillis(pipeline["idleMs"] as number));
  return strategy;
}

function timestampIn(event: Event, field: string): number {
  const value = event[field];
  if (value === undefined) throw new Error(`NullPointerException: no field ${field}`);
  return decodeLong(longValue(asLong(value)));
}

function baseStrategy(pipeline: JsonObject): WatermarkStrategy<Event> {
  switch (pipeline["strategy"]) {
    case "boundedOutOfOrderness":
      return WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(Number(pipeline["boundMs"] ?? 0)));
    case "monotonous":
      return WatermarkStrategy.forMonotonousTimestamps();
    case "none":
      return WatermarkStrategy.noWatermarks();
    case "punctuated":
      return WatermarkStrategy.forGenerator(() => new Punctuated());
    default:
      throw new Error(`unknown strategy ${String(pipeline["strategy"])}`);
  }
}

/** Emits the field `mark` of an event as a watermark. */
class Punctuated implements WatermarkGenerator<Event> {
  onEvent(event: Event, _timestamp: number, output: WatermarkOutput): void {
    if (event["mark"] !== undefined) output.emitWatermark(decodeLong(longValue(asLong(event["mark"]))));
  }

  onPeriodicEmit(): void {}
}

/** Runs one step after the other and collects what each puts into `outputs`. */
function runSteps(testCase: DataStreamCase, outputs: JsonObject[], step: (input: JsonObject) => void): string | null {
  const steps = testCase.input.map((input) => {
    try {
      step(input);
    } catch (error) {
      outputs.push({ error: String(error) });
    }
    return outputs.splice(0);
  });
  return compareSteps(testCase, steps);
}

export function runWatermarkGenerator(testCase: DataStreamCase): string | null {
  const outputs: JsonObject[] = [];
  let nowMs = 0;
  const output = printingOutput(outputs);
  const generator = strategyOf(testCase.pipeline).createWatermarkGenerator({ currentMs: () => nowMs });
  return runSteps(testCase, outputs, (step) => {
    if ("event" in step) generator.onEvent(step["event"] as Event, decodeLong(step["ts"]), output);
    else if ("periodic" in step) generator.onPeriodicEmit(output);
    else nowMs += Number(step["advanceMs"]);
  });
}

export function runTimestampsAndWatermarks(testCase: DataStreamCase): string | null {
  const { pipeline } = testCase;
  const options = { autoWatermarkIntervalMs: AUTO_WATERMARK_INTERVAL_MS, parallelism: Number(pipeline["parallelism"] ?? 1) };
  const create = () => new TimestampsAndWatermarksOperator(strategyOf(pipeline));
  return runOperatorCase(testCase, () => ({ inputs: 1, harness: new OneInputOperatorHarness(create, options) }));
}

export function runStatusWatermarkValve(testCase: DataStreamCase): string | null {
  const outputs: JsonObject[] = [];
  const valve = new StatusWatermarkValve(testCase.pipeline["channels"] as number, {
    emitWatermark: (timestampMs) => outputs.push({ watermark: encodeLongs(timestampMs) }),
    emitWatermarkStatus: (idle) => outputs.push({ status: idle ? "idle" : "active" }),
  });
  return runSteps(testCase, outputs, (step) => {
    const channel = step["channel"] as number;
    if ("watermark" in step) valve.inputWatermark(decodeLong(step["watermark"]), channel);
    else valve.inputWatermarkStatus(step["status"] === "idle", channel);
  });
}

export function runWatermarkMultiplexer(testCase: DataStreamCase): string | null {
  const outputs: JsonObject[] = [];
  const multiplexer = new WatermarkOutputMultiplexer(printingOutput(outputs));
  return runSteps(testCase, outputs, (step) => {
    if ("register" in step) {
      const id = step["register"] as string;
      multiplexer.registerNewOutput(id, {
        onWatermarkUpdate: (watermarkMs) => outputs.push({ outputWatermark: encodeLongs(watermarkMs), id }),
        onIdleUpdate: (idle) => outputs.push({ outputIdle: idle, id }),
      });
    } else if ("unregister" in step) outputs.push({ unregistered: multiplexer.unregisterOutput(step["unregister"] as string) });
    else if ("immediate" in step) multiplexer.getImmediateOutput(step["immediate"] as string).emitWatermark(decodeLong(step["watermark"]));
    else if ("deferred" in step) multiplexer.getDeferredOutput(step["deferred"] as string).emitWatermark(decodeLong(step["watermark"]));
    else if ("idle" in step) via(multiplexer, step, "idle").markIdle();
    else if ("active" in step) via(multiplexer, step, "active").markActive();
    else multiplexer.onPeriodicEmit();
  });
}

function via(multiplexer: WatermarkOutputMultiplexer, step: JsonObject, what: string): WatermarkOutput {
  const id = step[what] as string;
  return step["via"] === "deferred" ? multiplexer.getDeferredOutput(id) : multiplexer.getImmediateOutput(id);
}

function printingOutput(outputs: JsonObject[]): WatermarkOutput {
  return {
    emitWatermark: (watermark) => outputs.push({ watermark: encodeLongs(timestampOf(watermark)) }),
    markIdle: () => outputs.push({ status: "idle" }),
    markActive: () => outputs.push({ status: "active" }),
  };
}
