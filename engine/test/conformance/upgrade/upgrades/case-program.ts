/** A phase of a case as a program: the job as a learner would write it, on scripted sources. */
import {
  Configuration,
  type DataStream,
  datastreamProgram,
  type KeyedStream,
  type SingleOutputStreamOperator,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../../../src/index.ts";
import type { JobProgram } from "../../../../src/graph/stream-graph.ts";
import type { JsonObject } from "../../datastream/case-format.ts";
import { AppendToOperatorState, ApplyRules, CaseProcess, type Restored, rulesDescriptor, SplitOffsets } from "./case-functions.ts";
import { CaseClasses, type CaseType, caseTypeOf, classNamesOf } from "./case-types.ts";
import { windowed } from "./case-windows.ts";
import { ScriptedSource } from "./scripted-source.ts";

export interface Phase {
  readonly job: JsonObject & { readonly ops: readonly JsonObject[] };
  readonly input: readonly JsonObject[];
  readonly end?: string;
  readonly savepointFormat?: "canonical" | "native";
  readonly allowNonRestoredState?: boolean;
  readonly restoreFrom?: string;
  readonly splits?: number;
  readonly orderedOutput?: boolean;
}

/** What a phase leaves behind outside of its state. */
export interface PhaseLog {
  readonly output: JsonObject[];
  readonly restored: Restored;
}

export function programOf(phase: Phase, log: PhaseLog): JobProgram {
  const { job } = phase;
  const program = datastreamProgram(() => {
    const settings: Record<string, string> = {
      "restart-strategy.type": "none",
      "state.backend.type": (job["backend"] as string | undefined) ?? "hashmap",
      ...((job["config"] ?? {}) as Record<string, string>),
    };
    if (job["incremental"] !== undefined) settings["execution.checkpointing.incremental"] = String(job["incremental"]);
    const env = StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(settings));
    env.setParallelism((job["parallelism"] as number | undefined) ?? 1);
    if (typeof job["maxParallelism"] === "number") env.setMaxParallelism(job["maxParallelism"]);
    if (job["chaining"] === false) env.disableOperatorChaining();
    new JobBuilder(env, phase, log).build();
    env.execute("case");
  });
  const classNames = classNamesOf(job);
  return { instantiate: (defaults) => ({ ...program.instantiate(defaults), classNames }) };
}

type Stream = DataStream<JsonObject>;
type Operator = SingleOutputStreamOperator<JsonObject>;

class JobBuilder {
  private readonly env: StreamExecutionEnvironment;
  private readonly phase: Phase;
  private readonly log: PhaseLog;
  private readonly classes = new CaseClasses();
  private stream: Stream | undefined;
  private keyed: KeyedStream<JsonObject, unknown> | undefined;
  private keyType: CaseType = caseTypeOf("string", this.classes);

  constructor(env: StreamExecutionEnvironment, phase: Phase, log: PhaseLog) {
    this.env = env;
    this.phase = phase;
    this.log = log;
  }

  build(): void {
    for (const op of this.phase.job.ops) {
      const id = (op["id"] ?? op["op"]) as string;
      switch (op["op"]) {
        case "rebalance":
          this.stream = this.current().rebalance();
          break;
        case "keyBy":
          this.keyBy(op);
          break;
        case "sink":
          this.sink(id, op);
          break;
        default:
          this.stream = configured(this.operator(id, op), id, op);
          this.keyed = undefined;
      }
    }
  }

  private operator(id: string, op: JsonObject): Operator {
    const { classes, log, phase } = this;
    switch (op["op"]) {
      case "source":
        return this.source(id, op);
      case "map":
        return this.current().map((value) => value);
      case "filter":
        return this.current().filter(() => true);
      case "process":
        return this.byKey().process(new CaseProcess(op, this.keyType, classes));
      case "window":
        return windowed(this.byKey(), op);
      case "operatorState":
        return this.current().map(new AppendToOperatorState(id, op["state"] as JsonObject, classes, log.restored));
      case "broadcast": {
        const spec = op["source"] as JsonObject;
        const rules = this.scripted(spec["id"] as string).setParallelism(1);
        if (spec["uid"] !== undefined) rules.uid(spec["uid"] as string);
        const state = op["state"] as string;
        return this.byKey()
          .connect(rules.broadcast(rulesDescriptor(state)))
          .process(new ApplyRules(state));
      }
      default:
        throw new Error(`unknown operator ${JSON.stringify(op)} in ${phase.end ?? "a phase"}`);
    }
  }

  /** Sources have parallelism 1 unless given; one with offsets is followed by the function that keeps them, which has its name. */
  private source(id: string, op: JsonObject): Operator {
    const source = this.scripted(id);
    const parallelism = (op["parallelism"] as number | undefined) ?? 1;
    source.setParallelism(parallelism);
    if (op["offsets"] === undefined) return source;
    const offsets = new SplitOffsets(id, op["offsets"] as string, this.phase.splits ?? 4, this.log.restored);
    return source.name(`${id} script`).flatMap(offsets).setParallelism(parallelism);
  }

  private scripted(id: string): Operator {
    const steps = this.phase.input.filter((step) => ((step["source"] as string | undefined) ?? "src") === id);
    const source = new ScriptedSource({ steps, bounded: this.phase.end === "finish" });
    return this.env.fromSource(source, WatermarkStrategy.noWatermarks<JsonObject>(), id) as Operator;
  }

  private keyBy(op: JsonObject): void {
    const keyType = caseTypeOf(op["type"] ?? "string", this.classes);
    const field = (op["field"] as string | undefined) ?? "key";
    this.keyType = keyType;
    this.keyed = this.current().keyBy((value) => keyType.fromJson(value[field]), keyType.type);
  }

  private sink(id: string, op: JsonObject): void {
    const { output } = this.log;
    const sink = this.current()
      .addSink((value) => void output.push(value))
      .name(id);
    if (op["uid"] !== undefined) sink.uid(op["uid"] as string);
    if (op["parallelism"] !== undefined) sink.setParallelism(op["parallelism"] as number);
  }

  private current(): Stream {
    if (this.stream === undefined) throw new Error("a pipeline begins with a source");
    return this.stream;
  }

  private byKey(): KeyedStream<JsonObject, unknown> {
    if (this.keyed === undefined) throw new Error("keyBy comes before this operator");
    return this.keyed;
  }
}

function configured(operator: Operator, id: string, op: JsonObject): Operator {
  operator.name(id);
  if (op["uid"] !== undefined) operator.uid(op["uid"] as string);
  if (op["uidHash"] !== undefined) operator.setUidHash(op["uidHash"] as string);
  if (op["parallelism"] !== undefined && op["op"] !== "source") operator.setParallelism(op["parallelism"] as number);
  if (op["maxParallelism"] !== undefined) operator.setMaxParallelism(op["maxParallelism"] as number);
  if (op["chain"] === "startNew") operator.startNewChain();
  if (op["chain"] === "disable") operator.disableChaining();
  return operator;
}
