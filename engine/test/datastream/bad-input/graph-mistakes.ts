/** Mistakes in the job as a whole that show before it runs. */
import { type BadProgram, CLICKS, HEAD, job } from "./bad-program.ts";

export const GRAPH_MISTAKES: readonly BadProgram[] = [
  {
    mistake: "a keyed process function on a stream without key",
    code: "JOB_KEYED_FUNCTION_WITHOUT_KEY",
    says: /Count is a KeyedProcessFunction, but this stream is not keyed/,
    program: job(
      "class Count extends KeyedProcessFunction {",
      "  processElement(click, ctx, out) {}",
      "}",
      "const result = timed",
      "  .process(new Count()); // <-",
    ),
  },
  {
    mistake: "one uid twice",
    code: "GRAPH_DUPLICATE_UID",
    says: /Hash collision on user-specified ID "count"/,
    program: job(
      'const counted = clicks.map((click) => click.amount).uid("count");',
      "const result = counted",
      "  .map((n) => n + 1)",
      '  .uid("count"); // <-',
    ),
  },
  {
    mistake: "parallelism 0",
    code: "JOB_BAD_NUMBER",
    says: /parallelism must be a whole number of at least 1 and at most 32768, found 0/,
    program: job("const result = clicks.map((click) => click.user)", "  .setParallelism(0); // <-"),
  },
  {
    mistake: "more subtasks than key groups",
    code: "GRAPH_PARALLELISM_ABOVE_MAX",
    says: /parallelism \(3\) is higher than the max parallelism \(2\)/,
    program: job("const result = clicks.rebalance()", "  .map((click) => click.user) // <-", "  .setParallelism(3).setMaxParallelism(2);"),
  },
  {
    mistake: "forward to another parallelism",
    code: "GRAPH_FORWARD_PARALLELISM",
    says: /Forward partitioning does not allow change of parallelism/,
    program: job("const result = clicks.forward()", "  .map((click) => click.user) // <-", "  .setParallelism(2);"),
  },
  {
    mistake: "repartitioning a keyed stream",
    code: "JOB_KEYED_PARTITIONING",
    says: /Cannot override partitioning for KeyedStream/,
    program: job("const result = byUser", "  .rebalance() // <-", "  .map((click) => click.user);"),
  },
  {
    mistake: "a tag without id",
    code: "OUTPUT_TAG_ID",
    says: /OutputTag id must not be empty/,
    program: job('const late = new OutputTag(""); // <-', "const result = clicks;"),
  },
  {
    mistake: "time to live of 0",
    code: "STATE_TTL_PARAMETERS",
    says: /TTL is expected to be positive/,
    program: job(
      'const count = new ValueStateDescriptor("count");',
      "count.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofMillis(0)).build()); // <-",
      "const result = clicks;",
    ),
  },
  {
    mistake: "a state without name",
    code: "STATE_NAME_MISSING",
    says: /state descriptor needs a name/,
    program: job('const count = new ValueStateDescriptor(""); // <-', "const result = clicks;"),
  },
  {
    mistake: "state asked for in a constructor",
    code: "FUNCTION_NOT_OPEN",
    says: /Count asked for it before open\(\) was called/,
    program: job(
      "class Count extends KeyedProcessFunction {",
      '  count = this.getRuntimeContext().getState(new ValueStateDescriptor("count")); // <-',
      "  processElement() {}",
      "}",
      "const result = byUser.process(new Count());",
    ),
  },
  {
    mistake: "a checkpoint interval that is too short",
    code: "JOB_BAD_TIME",
    says: /checkpoint interval must be at least 10 ms, found 5 ms/,
    program: job("env.enableCheckpointing(5); // <-", "const result = clicks;"),
  },
  {
    mistake: "a setting that cannot be read",
    code: "JOB_BAD_CONFIG_VALUE",
    says: /Could not parse value "often" for key "execution.checkpointing.interval"/,
    program: job(
      'const settings = new Configuration().setString("execution.checkpointing.interval", "often");',
      "env.configure(settings); // <-",
      "const result = clicks;",
    ),
  },
  {
    mistake: "nothing in a collection",
    code: "SOURCE_NULL_ELEMENT",
    says: /collection contains a null element/,
    program: job("const extra = [1, 2];", "const result = env", "  .fromData(extra[0], extra[5]); // <-"),
  },
  {
    mistake: "a collection of text and numbers",
    code: "SOURCE_MIXED_ELEMENTS",
    says: /not all subclasses of number: the one at position 1 is a string/,
    program: job("const result = env", '  .fromData([1, "2"]); // <-'),
  },
  {
    mistake: "a sum over a field that the tuple does not have",
    code: "AGGREGATION_NO_SUCH_FIELD",
    says: /Tried to select 2\. field on "Tuple2<String, Integer>", which is an invalid index/,
    program: job('const result = env.fromData(Tuple2.of("a", 1)).keyBy((pair) => pair.f0)', "  .sum(2); // <-"),
  },
  {
    mistake: "a union of different types",
    code: "JOB_UNION_TYPES",
    says: /Cannot union streams of different types: Integer and String/,
    program: job("const result = env.fromData(1)", '  .union(env.fromData("a")); // <-'),
  },
  {
    mistake: "the stream of a sink",
    code: "JOB_NOT_A_STREAM",
    says: /union\(…\) needs a stream/,
    program: job("const printed = clicks.print();", "const result = clicks", "  .union(printed); // <-"),
  },
  {
    mistake: "a misspelt function",
    code: "JOB_NOT_A_FUNCTION",
    says: /map\(…\) was given undefined, it needs a function or an object with a method map/,
    program: job("const functions = { userOf: (click) => click.user };", "const result = clicks", "  .map(functions.user); // <-"),
  },
  {
    mistake: "an async lambda",
    code: "JOB_ASYNC_FUNCTION",
    says: /map\(…\) was given a function that is async or a generator/,
    program: job("const result = clicks", "  .map(async (click) => click.user); // <-"),
  },
  {
    mistake: "an async method",
    code: "JOB_ASYNC_FUNCTION",
    says: /process\(…\) was given a method onTimer that is async or a generator/,
    program: job(
      "class Alarm extends KeyedProcessFunction {",
      "  processElement() {}",
      "  async onTimer() {}",
      "}",
      "const result = byUser",
      "  .process(new Alarm()); // <-",
    ),
  },
  {
    mistake: "a generator as flatMap",
    code: "JOB_ASYNC_FUNCTION",
    says: /flatMap\(…\) was given a function that is async or a generator/,
    program: job("const result = clicks", "  .flatMap(function* (click) { yield click.user; }); // <-"),
  },
  {
    mistake: "a source without a watermark strategy",
    code: "JOB_NOT_A_WATERMARK_STRATEGY",
    says: /fromSource\(…\) needs a WatermarkStrategy and was given undefined/,
    program: job(
      'const source = KafkaSource.builder().setTopics("clicks").build();',
      'const result = env.fromSource(source, undefined, "clicks"); // <-',
    ),
  },
  {
    mistake: "a job without a sink",
    code: "JOB_WITHOUT_SINK",
    says: /job has no sink: nothing consumes "Map"/,
    program: `${HEAD}${CLICKS}const users = clicks\n  .map((click) => click.user); // <-\nenv.execute("no sink");\n`,
  },
];
