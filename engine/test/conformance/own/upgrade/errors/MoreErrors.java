package oracle;

import static oracle.Errors.*;

import com.fasterxml.jackson.databind.node.*;
import org.apache.flink.api.common.eventtime.*;
import org.apache.flink.api.common.functions.*;
import org.apache.flink.api.common.state.*;
import org.apache.flink.api.common.typeinfo.*;
import org.apache.flink.api.java.tuple.*;
import org.apache.flink.configuration.*;
import org.apache.flink.streaming.api.datastream.*;
import org.apache.flink.streaming.api.functions.*;
import org.apache.flink.streaming.api.functions.co.*;
import org.apache.flink.streaming.api.functions.windowing.*;
import org.apache.flink.streaming.api.windowing.assigners.*;
import org.apache.flink.streaming.api.windowing.evictors.*;
import org.apache.flink.streaming.api.windowing.triggers.*;
import org.apache.flink.streaming.api.windowing.windows.*;
import org.apache.flink.util.*;
import java.time.Duration;
import java.util.*;

/** Programs for cases of our own, beside those in Errors.java; `program` of each case says in words what stands here. */
@SuppressWarnings({"unchecked", "rawtypes", "deprecation", "serial"})
public final class MoreErrors {
    static Duration ms(long n) { return Duration.ofMillis(n); }
    static final OutputTag<String> SIDE = new OutputTag<>("side", Types.STRING);
    static final WindowFunction<Tuple2<String, Integer>, String, String, TimeWindow> NOTHING = (k, w, i, o) -> { };
    abstract static class PF extends ProcessFunction<Tuple2<String, Integer>, String> { }
    abstract static class BF extends KeyedBroadcastProcessFunction<String, Tuple2<String, Integer>, Tuple2<String, Integer>, String> { }
    abstract static class CF extends CoProcessFunction<Tuple2<String, Integer>, Tuple2<String, Integer>, String> { }
    static ValueStateDescriptor<Integer> s() { return new ValueStateDescriptor<>("s", Types.INT); }
    /** Merges a value state, which no merging window can. */
    static final class MergesValue extends Trigger<Object, TimeWindow> {
        final ValueStateDescriptor<Integer> d = new ValueStateDescriptor<>("v", Types.INT);
        public TriggerResult onElement(Object o, long l, TimeWindow w, TriggerContext c) throws Exception { c.getPartitionedState(d).update(1); return TriggerResult.CONTINUE; }
        public TriggerResult onProcessingTime(long l, TimeWindow w, TriggerContext c) { return TriggerResult.CONTINUE; } public TriggerResult onEventTime(long l, TimeWindow w, TriggerContext c) { return TriggerResult.CONTINUE; }
        public boolean canMerge() { return true; } public void onMerge(TimeWindow w, OnMergeContext c) { ((OnMergeContext) c).mergePartitionedState((StateDescriptor) d); } public void clear(TimeWindow w, TriggerContext c) { }
    }
    static final class CanMergeWithoutOnMerge extends Trigger<Object, TimeWindow> {
        public TriggerResult onElement(Object o, long l, TimeWindow w, TriggerContext c) { return TriggerResult.CONTINUE; } public TriggerResult onProcessingTime(long l, TimeWindow w, TriggerContext c) { return TriggerResult.CONTINUE; }
        public TriggerResult onEventTime(long l, TimeWindow w, TriggerContext c) { return TriggerResult.CONTINUE; } public boolean canMerge() { return true; } public void clear(TimeWindow w, TriggerContext c) { }
    }
    static DataStream<Tuple2<String, Integer>> conf(org.apache.flink.streaming.api.environment.StreamExecutionEnvironment e, String... kv) { Configuration c = new Configuration(); for (int i = 0; i < kv.length; i += 2) c.setString(kv[i], kv[i + 1]); e.configure(c); return src(e); }
    static {
        // keys, state, timers
        P.put("plain-process-function-keyed-state", e -> end(keyed(e).process(new PF() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getState(s()).update(1); } })));
        P.put("plain-process-function-keyed-timer", e -> end(keyed(e).process(new PF() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.timerService().registerEventTimeTimer(5); } })));
        P.put("co-process-keyed-timer", e -> end(keyed(e).connect(keyed(e)).process(new CF() { public void processElement1(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.timerService().registerEventTimeTimer(5); } public void processElement2(Tuple2<String, Integer> t, Context c, Collector<String> o) { } })));
        P.put("co-process-half-keyed-timer", e -> end(keyed(e).connect(src(e)).process(new CF() { public void processElement1(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.timerService().registerEventTimeTimer(5); } public void processElement2(Tuple2<String, Integer> t, Context c, Collector<String> o) { } })));
        P.put("co-process-half-keyed-state-on-keyed-side", e -> end(keyed(e).connect(src(e)).process(new CF() { public void processElement1(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getState(s()).update(1); } public void processElement2(Tuple2<String, Integer> t, Context c, Collector<String> o) { } })));
        P.put("co-process-half-keyed-state-on-second-side", e -> end(src(e).connect(keyed(e)).process(new CF() { public void processElement1(Tuple2<String, Integer> t, Context c, Collector<String> o) { } public void processElement2(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getState(s()).update(1); } })));
        P.put("keyed-co-process-on-unkeyed", e -> end(src(e).connect(src(e)).process(new KeyedCoProcessFunction<String, Tuple2<String, Integer>, Tuple2<String, Integer>, String>() { public void processElement1(Tuple2<String, Integer> t, Context c, Collector<String> o) { } public void processElement2(Tuple2<String, Integer> t, Context c, Collector<String> o) { } })));
        P.put("delete-timer-without-keyby", e -> end(src(e).process(new PF() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.timerService().deleteProcessingTimeTimer(5); } })));
        P.put("null-into-reducing-state", e -> end(keyed(e).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getReducingState(new ReducingStateDescriptor<Integer>("s", (a, b) -> a + b, Types.INT)).add(null); } })));
        P.put("null-in-list-add-all", e -> end(keyed(e).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getListState(new ListStateDescriptor<>("s", Types.INT)).addAll(Arrays.asList(1, null)); } })));
        P.put("null-list-add-all", e -> end(keyed(e).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getListState(new ListStateDescriptor<>("s", Types.INT)).addAll(null); } })));
        P.put("null-list-update", e -> end(keyed(e).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getListState(new ListStateDescriptor<>("s", Types.INT)).update(null); } })));
        P.put("null-map-put-all", e -> end(keyed(e).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getMapState(new MapStateDescriptor<>("s", Types.STRING, Types.INT)).putAll(null); } })));
        P.put("null-map-key", e -> end(keyed(e).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getMapState(new MapStateDescriptor<>("s", Types.STRING, Types.INT)).put(null, 1); } })));
        P.put("null-value-update", e -> end(keyed(e).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) throws Exception { getRuntimeContext().getState(s()).update(null); } })));
        P.put("state-descriptor-null-name", e -> new ValueStateDescriptor<>(null, Types.INT));
        P.put("state-in-constructor", e -> end(keyed(e).process(new KP() { { getRuntimeContext().getState(s()); } public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { } })));
        P.put("random-key", e -> end(src(e).rebalance().keyBy(t -> new Random().nextInt(1000000), Types.INT).reduce(SUM).setParallelism(4)));
        P.put("random-key-parallelism-1", e -> end(src(e).keyBy(t -> new Random().nextInt(1000000), Types.INT).reduce(SUM)));
        P.put("side-output-null-tag", e -> end(src(e).process(new PF() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.output(null, "x"); } })));
        P.put("get-side-output-null", e -> src(e).process(new PF() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { } }).getSideOutput(null));
        P.put("side-output-null-value", e -> end(src(e).process(new PF() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.output(SIDE, null); } }).getSideOutput(SIDE)));
        P.put("ttl-negative", e -> StateTtlConfig.newBuilder(ms(-1)).build());
        P.put("ttl-cleanup-size-zero", e -> StateTtlConfig.newBuilder(ms(1)).cleanupIncrementally(0, true).build());
        // windows
        P.put("sliding-offset-too-large", e -> SlidingEventTimeWindows.of(ms(10), ms(5), ms(5)));
        P.put("sliding-negative-size", e -> SlidingEventTimeWindows.of(ms(-10), ms(5)));
        P.put("tumbling-processing-zero-size", e -> TumblingProcessingTimeWindows.of(ms(0)));
        P.put("sliding-processing-zero-slide", e -> SlidingProcessingTimeWindows.of(ms(10), ms(0)));
        P.put("session-processing-gap-zero", e -> ProcessingTimeSessionWindows.withGap(ms(0)));
        P.put("session-gap-negative", e -> EventTimeSessionWindows.withGap(ms(-1)));
        P.put("session-dynamic-gap-zero-processing", e -> end(keyed(e).window((WindowAssigner) ProcessingTimeSessionWindows.withDynamicGap((SessionWindowTimeGapExtractor<Object>) t -> 0)).reduce(SUM)));
        P.put("window-trigger-null", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(W).trigger((Trigger) null));
        P.put("window-evictor-null", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(W).evictor(null).reduce(SUM));
        P.put("window-late-tag-null", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(W).sideOutputLateData(null));
        P.put("window-function-null", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(W).reduce(null));
        P.put("window-aggregate-rich", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(W).aggregate(new RichAggregateFunction<Tuple2<String, Integer>, Integer, Integer>() { public Integer createAccumulator() { return 0; } public Integer add(Tuple2<String, Integer> t, Integer a) { return a + 1; } public Integer getResult(Integer a) { return a; } public Integer merge(Integer a, Integer b) { return a + b; } }));
        P.put("session-delta-trigger", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(EventTimeSessionWindows.withGap(ms(10))).trigger((Trigger) DeltaTrigger.of(1, (a, b) -> 0, Types.INT.createSerializer(new org.apache.flink.api.common.serialization.SerializerConfigImpl()))));
        P.put("session-purging-non-mergeable", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(EventTimeSessionWindows.withGap(ms(10))).trigger((Trigger) PurgingTrigger.of(new NonMerging())));
        P.put("session-all-non-mergeable", e -> timed(e).windowAll(EventTimeSessionWindows.withGap(ms(10))).trigger((Trigger) new NonMerging()));
        P.put("session-trigger-merges-value-state", e -> end(timed(e).keyBy(t -> 1, Types.INT).window(EventTimeSessionWindows.withGap(ms(10))).trigger((Trigger) new MergesValue()).reduce(SUM)));
        P.put("session-trigger-without-on-merge", e -> end(timed(e).keyBy(t -> 1, Types.INT).window(EventTimeSessionWindows.withGap(ms(10))).trigger((Trigger) new CanMergeWithoutOnMerge()).reduce(SUM)));
        P.put("session-evictor-per-window-state", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(EventTimeSessionWindows.withGap(ms(10))).evictor(CountEvictor.of(1)).process(new ProcessWindowFunction<Tuple2<String, Integer>, String, String, TimeWindow>() { public void process(String k, Context c, Iterable<Tuple2<String, Integer>> it, Collector<String> o) { c.windowState().getState(s()); } })));
        P.put("global-windows-without-trigger", e -> end(keyed(e).window(GlobalWindows.create()).reduce((ReduceFunction) SUM)));
        P.put("count-window-on-processing", e -> end(keyed(e).countWindow(1).reduce((ReduceFunction) SUM)));
        P.put("lateness-null", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(W).allowedLateness(null));
        P.put("window-all-negative-lateness", e -> timed(e).windowAll(W).allowedLateness(ms(-1)));
        P.put("window-all-without-timestamps", e -> end(src(e).windowAll(W).reduce(SUM)));
        P.put("session-without-timestamps", e -> end(keyed(e).window(EventTimeSessionWindows.withGap(ms(10))).reduce(SUM)));
        P.put("sliding-without-timestamps", e -> end(keyed(e).window(SlidingEventTimeWindows.of(ms(10), ms(5))).reduce(SUM)));
        P.put("sum-missing-field-window", e -> timed(e).keyBy(t -> t.f0, Types.STRING).window(W).sum(2));
        P.put("sum-negative-field", e -> keyed(e).sum(-1));
        P.put("max-by-missing-field", e -> keyed(e).maxBy(2));
        P.put("max-by-missing-field-name", e -> keyed(e).maxBy("f2"));
        P.put("max-string-field", e -> end(keyed(e).max(0)));
        P.put("sum-on-basic", e -> end(e.fromData(1, 2).keyBy(x -> x, Types.INT).sum(0)));
        P.put("sum-on-basic-field-1", e -> e.fromData(1, 2).keyBy(x -> x, Types.INT).sum(1));
        // watermarks
        P.put("idleness-zero", e -> WatermarkStrategy.forMonotonousTimestamps().withIdleness(ms(0)));
        P.put("idleness-null", e -> WatermarkStrategy.forMonotonousTimestamps().withIdleness(null));
        P.put("out-of-orderness-negative", e -> end(src(e).assignTimestampsAndWatermarks(WatermarkStrategy.<Tuple2<String, Integer>>forBoundedOutOfOrderness(ms(-1)).withTimestampAssigner((t, x) -> t.f1))));
        P.put("timestamp-assigner-null", e -> WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner((SerializableTimestampAssigner<Object>) null));
        P.put("timestamp-assigner-throws", e -> end(src(e).assignTimestampsAndWatermarks(WatermarkStrategy.<Tuple2<String, Integer>>forMonotonousTimestamps().withTimestampAssigner((t, x) -> { throw new IllegalArgumentException("no time"); }))));
        P.put("auto-watermark-interval-negative", e -> e.getConfig().setAutoWatermarkInterval(-1));
        // graph and settings
        P.put("operator-parallelism-0", e -> src(e).map(t -> t.f0).returns(Types.STRING).setParallelism(0));
        P.put("collection-source-parallelism-2", e -> end(((SingleOutputStreamOperator<Tuple2<String, Integer>>) src(e)).setParallelism(2)));
        P.put("duplicate-name", e -> end(src(e).map(t -> t.f0).returns(Types.STRING).name("x").map(x -> x).returns(Types.STRING).name("x")));
        P.put("duplicate-uid-source-and-sink", e -> ((SingleOutputStreamOperator<Tuple2<String, Integer>>) src(e)).uid("x").sinkTo(new org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink<>()).uid("x"));
        P.put("union-with-itself", e -> { DataStream<Tuple2<String, Integer>> s = src(e); end(s.union(s)); });
        P.put("union-nothing", e -> end(src(e).union()));
        P.put("partitioner-negative", e -> end(src(e).partitionCustom((k, n) -> -1, t -> t.f0).map(t -> t.f0).returns(Types.STRING).setParallelism(2)));
        P.put("partitioner-throws", e -> end(src(e).partitionCustom((k, n) -> { throw new IllegalArgumentException("no partition"); }, t -> t.f0).map(t -> t.f0).returns(Types.STRING).setParallelism(2)));
        P.put("forward-after-keyby", e -> end(((DataStream) keyed(e)).forward().map(t -> "x").returns(Types.STRING)));
        P.put("sink-null", e -> src(e).sinkTo((org.apache.flink.api.connector.sink2.Sink) null));
        P.put("map-null", e -> src(e).map((MapFunction) null));
        P.put("key-by-null", e -> src(e).keyBy((org.apache.flink.api.java.functions.KeySelector) null));
        P.put("sequence-reversed", e -> e.fromSequence(5, 1));
        P.put("checkpoint-interval-negative", e -> e.enableCheckpointing(-1));
        P.put("checkpoint-timeout-zero", e -> e.getCheckpointConfig().setCheckpointTimeout(0));
        P.put("checkpoint-min-pause-negative", e -> e.getCheckpointConfig().setMinPauseBetweenCheckpoints(-1));
        P.put("checkpoint-concurrent-zero", e -> e.getCheckpointConfig().setMaxConcurrentCheckpoints(0));
        P.put("checkpoint-tolerable-negative", e -> e.getCheckpointConfig().setTolerableCheckpointFailureNumber(-1));
        P.put("checkpoint-mode-unknown", e -> end(conf(e, "execution.checkpointing.mode", "MAYBE_ONCE")));
        P.put("checkpoint-interval-text", e -> end(conf(e, "execution.checkpointing.interval", "often")));
        P.put("window-throws", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(W).apply((WindowFunction<Tuple2<String, Integer>, String, String, TimeWindow>) (k, w, i, o) -> { throw new IllegalArgumentException("bad window"); }, Types.STRING)));
        P.put("timer-callback-throws", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.timerService().registerEventTimeTimer(5); } public void onTimer(long ts, OnTimerContext c, Collector<String> o) { throw new IllegalArgumentException("bad timer"); } })));
        P.put("open-throws", e -> end(src(e).map(new RichMapFunction<Tuple2<String, Integer>, String>() { public void open(org.apache.flink.api.common.functions.OpenContext c) { throw new IllegalArgumentException("bad open"); } public String map(Tuple2<String, Integer> t) { return t.f0; } })));
        P.put("close-throws", e -> end(src(e).map(new RichMapFunction<Tuple2<String, Integer>, String>() { public void close() { throw new IllegalArgumentException("bad close"); } public String map(Tuple2<String, Integer> t) { return t.f0; } })));
        P.put("reduce-returns-null", e -> end(src(e).keyBy(t -> 1, Types.INT).reduce((a, b) -> null)));
        P.put("aggregate-without-accumulator", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(W).aggregate(new AggregateFunction<Tuple2<String, Integer>, Integer, Integer>() { public Integer createAccumulator() { return null; } public Integer add(Tuple2<String, Integer> t, Integer a) { return 1; } public Integer getResult(Integer a) { return a; } public Integer merge(Integer a, Integer b) { return a; } })));
        P.put("broadcast-same-descriptor-twice", e -> end(keyed(e).connect(src(e).broadcast(B, B)).process(new BF() { public void processElement(Tuple2<String, Integer> t, ReadOnlyContext c, Collector<String> o) { } public void processBroadcastElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { } })));
        P.put("connect-null", e -> src(e).connect((DataStream) null));
        P.put("count-trigger-zero", e -> end(keyed(e).window(GlobalWindows.create()).trigger((Trigger) CountTrigger.of(0)).reduce((ReduceFunction) SUM)));
        P.put("count-evictor-negative", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(W).evictor(CountEvictor.of(-1)).reduce(SUM)));
        P.put("time-evictor-negative", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(W).evictor(TimeEvictor.of(ms(-1))).reduce(SUM)));
        P.put("continuous-event-trigger-zero", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(W).trigger((Trigger) ContinuousEventTimeTrigger.of(ms(0))).reduce(SUM)));
        P.put("continuous-processing-trigger-zero", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(W).trigger((Trigger) ContinuousProcessingTimeTrigger.of(ms(0))).reduce(SUM)));
        P.put("timer-negative", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).process(new KP() { public void processElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { c.timerService().registerEventTimeTimer(-1); } })));
        P.put("processing-timeout-trigger-zero", e -> end(keyed(e).window(GlobalWindows.create()).trigger((Trigger) ProcessingTimeoutTrigger.of(CountTrigger.of(10), ms(0))).reduce((ReduceFunction) SUM)));
        P.put("delta-evictor-nan", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(W).evictor((Evictor) DeltaEvictor.of(Double.NaN, (a, b) -> 1)).reduce(SUM)));
        P.put("max-parallelism-32768", e -> e.setMaxParallelism(32768));
        P.put("keyed-stream-set-parallelism", e -> end(src(e).keyBy(t -> t.f0, Types.STRING).map(t -> t.f0).returns(Types.STRING).setParallelism(200)));
        P.put("window-size-huge", e -> end(timed(e).keyBy(t -> t.f0, Types.STRING).window(TumblingEventTimeWindows.of(Duration.ofDays(100000000))).reduce(SUM)));
        P.put("buffer-timeout-negative", e -> e.setBufferTimeout(-2));
        P.put("alignment-drift-negative", e -> WatermarkStrategy.forMonotonousTimestamps().withWatermarkAlignment("g", ms(-1)));
        P.put("rich-reduce-keyed", e -> end(keyed(e).reduce(new RichReduceFunction<Tuple2<String, Integer>>() { public Tuple2<String, Integer> reduce(Tuple2<String, Integer> a, Tuple2<String, Integer> b) { return a; } })));
        P.put("broadcast-state-in-open", e -> end(keyed(e).connect(src(e).broadcast(B)).process(new BF() { public void open(OpenContext c) { getRuntimeContext().getMapState(B); } public void processElement(Tuple2<String, Integer> t, ReadOnlyContext c, Collector<String> o) { } public void processBroadcastElement(Tuple2<String, Integer> t, Context c, Collector<String> o) { } })));
    }
    static ObjectNode run(ObjectNode c) throws Exception { return Errors.run(c); }
}
