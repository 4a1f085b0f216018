import { Configuration, DiscardingSink, OutputTag, ProcessFunction, Tuple2, Types } from "../../../../src/index.ts";
import { type Env, end, type ErrorPrograms, keyed, type Pair, source, StatefulMap } from "./error-program.ts";

class DoesNothing extends ProcessFunction<Pair, string> {
  override processElement(): void {}
}

class NotSerializable {
  readonly x = 0;
}

const letters = (env: Env) => source(env).map((pair) => pair.f0);

export const topologyPrograms: ErrorPrograms = {
  "duplicate-uid": {
    build: (env) =>
      end(
        letters(env)
          .uid("x")
          .map((letter) => letter)
          .uid("x"),
      ),
    code: "GRAPH_DUPLICATE_UID",
  },
  "uid-missing-when-required": {
    build: (env) => {
      env.configure(Configuration.fromMap({ "pipeline.auto-generate-uids": "false" }));
      end(letters(env).name("my map"));
    },
    code: "GRAPH_UID_MISSING",
  },
  "empty-topology": { build: () => {}, code: "JOB_WITHOUT_OPERATORS" },
  "empty-collection-source": { build: (env) => env.fromData([]), code: "JOB_EMPTY_COLLECTION" },
  "null-in-collection-source": { build: (env) => env.fromData("a", null), code: "SOURCE_NULL_ELEMENT" },
  "mixed-collection-source": {
    build: (env) => env.fromData<string | number>("a", 1),
    code: "SOURCE_MIXED_ELEMENTS",
    inOurWords: {
      flink: /elements in the collection are not all subclasses of java\.lang\.String/,
      ours: /elements in the collection are not all subclasses of string/,
    },
  },
  "null-record-emitted": {
    build: (env) =>
      end(
        source(env)
          .map(() => null as unknown as string)
          .rebalance()
          .map((letter) => letter),
      ),
  },
  "forward-different-parallelism": {
    build: (env) =>
      end(
        letters(env)
          .setParallelism(1)
          .forward()
          .map((letter) => letter)
          .setParallelism(2),
      ),
    code: "GRAPH_FORWARD_PARALLELISM",
  },
  "custom-partitioner-out-of-range": {
    build: (env) =>
      end(
        source(env)
          .partitionCustom(
            () => 99,
            (pair) => pair.f0,
          )
          .map((pair) => pair.f0)
          .setParallelism(2),
      ),
    code: "PARTITIONER_OUT_OF_RANGE",
  },
  "union-different-types": {
    build: (env) => end(source(env).union(env.fromData(1, 2) as never)),
    code: "JOB_UNION_TYPES",
  },
  "union-keyed-then-state": { build: (env) => end(keyed(env).union(keyed(env)).map(new StatefulMap())), code: "KEYED_STATE_WITHOUT_KEY" },
  "forward-after-keyby": {
    build: (env) =>
      end(
        keyed(env)
          .forward()
          .map(() => "x"),
      ),
    code: "JOB_KEYED_PARTITIONING",
  },
  "union-with-itself": {
    build: (env) => {
      const pairs = source(env);
      end(pairs.union(pairs));
    },
  },
  "union-nothing": { build: (env) => end(source(env).union()) },
  "partitioner-negative": {
    build: (env) =>
      end(
        source(env)
          .partitionCustom(
            () => -1,
            (pair) => pair.f0,
          )
          .map((pair) => pair.f0)
          .setParallelism(2),
      ),
    code: "PARTITIONER_OUT_OF_RANGE",
  },
  "duplicate-name": {
    build: (env) =>
      end(
        letters(env)
          .name("x")
          .map((letter) => letter)
          .name("x"),
      ),
  },
  "duplicate-uid-source-and-sink": {
    build: (env) => env.fromData(1, 2).uid("x").sinkTo(new DiscardingSink<number>()).uid("x"),
    code: "GRAPH_DUPLICATE_UID",
  },
  "aggregate-field-missing": { build: (env) => end(keyed(env).sum(5)), code: "AGGREGATION_NO_SUCH_FIELD" },
  "sum-on-string-field": { build: (env) => end(keyed(env).sum(0)), code: "AGGREGATION_NOT_SUMMABLE" },
  "user-function-throws": {
    build: (env) =>
      end(
        source(env).map((pair) => {
          if (pair.f1 === 2) throw new TypeError("bad record");
          return pair.f0;
        }),
      ),
    code: "JOB_USER_EXCEPTION",
  },
  "side-output-tag-empty-id": { build: () => new OutputTag<string>("", Types.STRING), code: "OUTPUT_TAG_ID" },
  "side-output-tag-types-differ": {
    build: (env) => {
      const result = source(env).process(new DoesNothing());
      end(result.getSideOutput(new OutputTag("t", Types.STRING)));
      end(result.getSideOutput(new OutputTag("t", Types.INT)));
    },
    code: "OUTPUT_TAG_TYPES_DIFFER",
  },
  "side-output-tag-not-anonymous": {
    source: `export const late = new OutputTag("late");`,
    inOurWords: { flink: /types of the interface .*OutputTag could not be inferred/, ours: /The tag needs its type: new OutputTag<Click>/ },
  },
  "side-output-tag-generic": {
    source: `export function tag<T>(id: string): OutputTag<T> { return new OutputTag<T>(id); }`,
    inOurWords: {
      flink: /Type of TypeVariable 'T' .* could not be determined/,
      ours: /not assignable to parameter of type 'IdOfTyped<T>'/,
    },
  },
  "lambda-missing-type": { build: (env) => end(source(env).map((pair) => Tuple2.of(pair.f0, 1))) },
  "non-serializable-function": {
    build: (env) => {
      const captured = new NotSerializable();
      end(source(env).map((pair) => pair.f0 + captured.x));
    },
  },
  "lambda-flatmap-missing-type": {
    source: `export const doubled = (numbers: DataStream<number>) => numbers.flatMap((number, out) => out.collect(2 * number));`,
    inOurWords: { flink: /generic type parameters of 'Collector' are missing/, ours: /TypeOfResultMissing/ },
  },
};
