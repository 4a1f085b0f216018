// A source of one's own: sensors found bit by bit by the enumerator, handed out on request, each read at its own pace, all of it in checkpoints.
import {
  Boundedness,
  CompletableFuture,
  DeliveryGuarantee,
  Duration,
  InputStatus,
  json,
  KafkaSink,
  type ReaderOutput,
  type Source,
  type SourceEvent,
  type SourceOutput,
  type SourceReader,
  type SourceReaderContext,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../../../src/index.ts";

export interface Reading {
  readonly sensor: string;
  readonly n: number;
  readonly at: number;
}

/** One sensor with the number of its next reading. */
export interface SensorSplit extends SourceSplit {
  readonly next: number;
}

/** What the enumerator keeps: sensors nobody has yet, how many were found, and how many have been read to the end. */
export interface SensorDirectory {
  readonly waiting: readonly SensorSplit[];
  readonly found: number;
}

class SensorFinished {
  readonly splitId: string;

  constructor(splitId: string) {
    this.splitId = splitId;
  }
}

export class SensorSource implements Source<Reading, SensorSplit, SensorDirectory> {
  private readonly sensors: number;
  private readonly readings: number;

  constructor(sensors: number, readings: number) {
    this.sensors = sensors;
    this.readings = readings;
  }

  getBoundedness(): Boundedness {
    return Boundedness.BOUNDED;
  }

  createEnumerator(context: SplitEnumeratorContext<SensorSplit>): SplitEnumerator<SensorSplit, SensorDirectory> {
    return this.restoreEnumerator(context, { waiting: [], found: 0 });
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<SensorSplit>,
    directory: SensorDirectory,
  ): SplitEnumerator<SensorSplit, SensorDirectory> {
    return new SensorEnumerator(context, directory, this.sensors);
  }

  createReader(context: SourceReaderContext): SourceReader<Reading, SensorSplit> {
    return new SensorReader(context, this.readings);
  }
}

class SensorEnumerator implements SplitEnumerator<SensorSplit, SensorDirectory> {
  private readonly context: SplitEnumeratorContext<SensorSplit>;
  private readonly sensors: number;
  private readonly waiting: SensorSplit[];
  private found: number;
  private readonly hungry = new Set<number>();

  constructor(context: SplitEnumeratorContext<SensorSplit>, directory: SensorDirectory, sensors: number) {
    this.context = context;
    this.sensors = sensors;
    this.waiting = [...directory.waiting];
    this.found = directory.found;
    context.metricGroup().setUnassignedSplitsGauge(() => this.waiting.length);
    context.metricGroup().gauge("sensorsFound", () => this.found);
  }

  start(): void {
    this.context.callAsync(
      () => this.lookAround(),
      (sensor, error) => {
        if (error !== null) throw error;
        if (sensor === null) return;
        this.found++;
        this.waiting.push(sensor);
        this.assign();
      },
      0,
      250,
    );
  }

  /** Finds one sensor at a time. */
  private lookAround(): SensorSplit | null {
    return this.found < this.sensors ? { splitId: `sensor-${this.found}`, next: 0 } : null;
  }

  addReader(): void {}

  handleSplitRequest(subtaskId: number): void {
    this.hungry.add(subtaskId);
    this.assign();
  }

  private assign(): void {
    for (const reader of [...this.hungry]) {
      const split = this.waiting.shift();
      if (split !== undefined) {
        this.hungry.delete(reader);
        this.context.assignSplit(split, reader);
      } else if (this.found === this.sensors) this.context.signalNoMoreSplits(reader);
    }
  }

  handleSourceEvent(subtaskId: number, event: SourceEvent): void {
    if (event instanceof SensorFinished) this.context.sendEventToSourceReader(subtaskId, { thanks: event.splitId });
  }

  addSplitsBack(splits: readonly SensorSplit[]): void {
    this.waiting.unshift(...splits);
    this.assign();
  }

  snapshotState(): SensorDirectory {
    return { waiting: this.waiting, found: this.found };
  }

  close(): void {}
}

interface Sensor {
  readonly splitId: string;
  next: number;
  output: SourceOutput<Reading> | null;
}

class SensorReader implements SourceReader<Reading, SensorSplit> {
  private readonly context: SourceReaderContext;
  private readonly readings: number;
  private readonly owned: Sensor[] = [];
  private readonly paused = new Set<string>();
  private noMoreSplits = false;
  private lastReadMs = 0;
  private available = CompletableFuture.completedFuture<void>(undefined);

  constructor(context: SourceReaderContext, readings: number) {
    this.context = context;
    this.readings = readings;
    context.metricGroup().setPendingRecordsGauge(() => this.owned.reduce((sum, { next }) => sum + readings - next, 0));
  }

  start(): void {
    if (this.owned.length === 0) this.context.sendSplitRequest();
  }

  pollNext(output: ReaderOutput<Reading>): InputStatus {
    const nowMs = this.context.currentMs();
    const sensor = this.owned.find(({ splitId }) => !this.paused.has(splitId));
    if (sensor === undefined)
      return this.noMoreSplits && this.owned.length === 0 ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
    if (nowMs < this.lastReadMs + 20) {
      this.context.wakeAt(this.lastReadMs + 20);
      return InputStatus.NOTHING_AVAILABLE;
    }
    this.lastReadMs = nowMs;
    sensor.output ??= output.createOutputForSplit(sensor.splitId);
    const n = sensor.next++;
    sensor.output.collect({ sensor: sensor.splitId, n, at: n * 100 }, n * 100);
    if (sensor.next === this.readings) {
      this.owned.splice(this.owned.indexOf(sensor), 1);
      output.releaseOutputForSplit(sensor.splitId);
      this.context.sendSourceEventToCoordinator(new SensorFinished(sensor.splitId));
      this.context.sendSplitRequest();
    }
    return InputStatus.MORE_AVAILABLE;
  }

  snapshotState(): readonly SensorSplit[] {
    return this.owned.map(({ splitId, next }) => ({ splitId, next }));
  }

  isAvailable(): CompletableFuture<void> {
    if (this.available.isDone()) this.available = new CompletableFuture();
    return this.available;
  }

  addSplits(splits: readonly SensorSplit[]): void {
    for (const { splitId, next } of splits) this.owned.push({ splitId, next, output: null });
    this.available.complete(undefined);
  }

  notifyNoMoreSplits(): void {
    this.noMoreSplits = true;
    this.available.complete(undefined);
  }

  handleSourceEvents(event: SourceEvent): void {
    if (!("thanks" in event)) throw new Error("this reader knows no other event");
  }

  pauseOrResumeSplits(splitsToPause: readonly string[], splitsToResume: readonly string[]): void {
    for (const split of splitsToPause) this.paused.add(split);
    for (const split of splitsToResume) this.paused.delete(split);
    this.available.complete(undefined);
  }

  close(): void {}
}

export function main(): void {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.enableCheckpointing(300);
  env
    .fromSource(
      new SensorSource(7, 25),
      WatermarkStrategy.forMonotonousTimestamps<Reading>().withIdleness(Duration.ofSeconds(1)),
      "sensors",
    )
    .keyBy((reading) => reading.sensor)
    .window(TumblingEventTimeWindows.of(Duration.ofMinutes(10)))
    .aggregate(
      {
        createAccumulator: () => ({ count: 0, sum: 0 }),
        add: (reading: Reading, sum: { count: number; sum: number }) => ({ count: sum.count + 1, sum: sum.sum + reading.n }),
        getResult: (sum: { count: number; sum: number }) => sum,
        merge: (a: { count: number; sum: number }, b: { count: number; sum: number }) => ({ count: a.count + b.count, sum: a.sum + b.sum }),
      },
      (sensor, _window, sums, out) => {
        for (const { count, sum } of sums) out.collect({ sensor, count, sum });
      },
    )
    .sinkTo(
      KafkaSink.builder<{ sensor: string; count: number; sum: number }>()
        .setRecordSerializer(json("out"))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("sensors")
        .build(),
    );
  env.execute("sensors");
}
