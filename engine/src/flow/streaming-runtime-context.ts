import { handleOf } from "../state/state-handles.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueStateDescriptor,
} from "../state/descriptors.ts";
import type { KeyedStateBackend } from "../state/keyed-state-backend.ts";
import { requireDescriptor } from "../state/require-descriptor.ts";
import type { AggregatingState, ListState, MapState, ReducingState, State, ValueState } from "../state/state.ts";
import { type ExternalService, externalServicesOf } from "./external-service.ts";
import type { Accumulator } from "./accumulators/accumulator.ts";
import { AccumulatorRegistry } from "./accumulators/accumulator-registry.ts";
import { Histogram } from "./accumulators/collecting-accumulators.ts";
import { DoubleCounter, IntCounter, LongCounter } from "./accumulators/number-accumulators.ts";
import type { MetricGroup } from "./metrics/metric-group.ts";
import type { OperatorContext } from "./operator.ts";
import type { JobInfo, KeyedStateStore, RuntimeContext, TaskInfo } from "./runtime-context.ts";

/** Keyed state of the current key in one namespace. Without a backend every access explains that there is no key. */
export class BackendStateStore implements KeyedStateStore {
  readonly #backend: KeyedStateBackend | undefined;

  constructor(backend: KeyedStateBackend | undefined) {
    this.#backend = backend;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#open(requireDescriptor(descriptor, "value"));
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#open(requireDescriptor(descriptor, "list"));
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#open(requireDescriptor(descriptor, "map"));
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#open(requireDescriptor(descriptor, "reducing"));
  }

  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT> {
    return this.#open(requireDescriptor(descriptor, "aggregating"));
  }

  #open<S extends State>(descriptor: StateDescriptor<S>): S {
    if (this.#backend === undefined) {
      const kind = descriptor.kind.toUpperCase();
      throw new Diagnostic({
        code: "KEYED_STATE_WITHOUT_KEY",
        message: `Keyed state '${descriptor.name}' with type ${kind} can only be used on a 'keyed stream', i.e., after a 'keyBy()' operation.`,
        phase: "runtime",
        found: `${descriptor.kind} state "${descriptor.name}" on a stream without keyBy`,
        expected: "stream.keyBy(…).process(…)",
        hint: "Put keyBy in front, or keep operator state through CheckpointedFunction.",
      });
    }
    return handleOf(descriptor.kind, this.#backend.getState<S>(descriptor));
  }
}

/** Of an operator in a harness. */
const NO_JOB = "0".repeat(32);

/** The runtime context of functions in an operator. */
export class StreamingRuntimeContext extends BackendStateStore implements RuntimeContext {
  readonly #context: OperatorContext;
  readonly #keyed: KeyedStateBackend | undefined;
  readonly #taskInfo: TaskInfo;
  readonly #accumulators: AccumulatorRegistry;

  constructor(context: OperatorContext, backend: KeyedStateBackend | undefined) {
    super(backend);
    this.#context = context;
    this.#keyed = backend;
    this.#accumulators = context.accumulators ?? new AccumulatorRegistry();
    this.#taskInfo = {
      getTaskName: () => context.name,
      getMaxNumberOfParallelSubtasks: () => context.maxParallelism,
      getIndexOfThisSubtask: () => context.subtaskIndex,
      getNumberOfParallelSubtasks: () => context.parallelism,
      getAttemptNumber: () => context.attemptNumber,
      getTaskNameWithSubtasks: () => `${context.name} (${context.subtaskIndex + 1}/${context.parallelism})#${context.attemptNumber}`,
    };
  }

  getTaskInfo(): TaskInfo {
    return this.#taskInfo;
  }

  getJobInfo(): JobInfo {
    const { jobName, jobId = NO_JOB } = this.#context;
    return { getJobName: () => jobName, getJobId: () => jobId };
  }

  getGlobalJobParameters(): Readonly<Record<string, string>> {
    return this.#context.globalJobParameters ?? {};
  }

  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void {
    this.#accumulators.add(name, accumulator);
  }

  getAccumulator<V, R>(name: string): Accumulator<V, R> | null {
    return (this.#accumulators.get(name) as Accumulator<V, R> | undefined) ?? null;
  }

  getIntCounter(name: string): IntCounter {
    return this.#accumulators.getOrCreate(name, IntCounter);
  }

  getLongCounter(name: string): LongCounter {
    return this.#accumulators.getOrCreate(name, LongCounter);
  }

  getDoubleCounter(name: string): DoubleCounter {
    return this.#accumulators.getOrCreate(name, DoubleCounter);
  }

  getHistogram(name: string): Histogram {
    return this.#accumulators.getOrCreate(name, Histogram);
  }

  getMetricGroup(): MetricGroup {
    return this.#context.metricGroup.handle;
  }

  getExternalService<V = unknown>(name: string): ExternalService<V> {
    const { mailbox, outside } = this.#context;
    const caller = {
      execute: (action: () => void) =>
        mailbox.execute(() => {
          // An answer belongs to no key: whose state would it be?
          this.#keyed?.keyContext.setCurrentKey(undefined, null);
          action();
        }),
      spendUs: (durationUs: number) => mailbox.spendUs(durationUs),
      counter: (counter: string) => this.#context.counter(counter),
    };
    return externalServicesOf(outside).connect(name, caller) as ExternalService<V>;
  }

  getIndexOfThisSubtask(): number {
    return this.#context.subtaskIndex;
  }

  getNumberOfParallelSubtasks(): number {
    return this.#context.parallelism;
  }

  getAttemptNumber(): number {
    return this.#context.attemptNumber;
  }

  getTaskName(): string {
    return this.#context.name;
  }
}
