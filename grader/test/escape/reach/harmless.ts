/**
 * What programs reach besides the public members, and may: data, and what acts on nothing but the object itself. No class with a way to the graph, to an operator, to the
 * cluster or to what lies outside it may be added here.
 */

const VALUE = ["start", "value"];
const AST = ["ast", "make", "apply"];

/** By class, or by "Class." for statics. */
export const HARMLESS_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  // Values with their contents.
  Duration: ["millis"],
  TimeUnit: ["millis"],
  Path: ["prefix"],
  TimeWindow: ["cachedKey", "derivedFields"],
  TriggerResult: ["fire", "purge"],
  Tuple: ["fields", "nameOf"],
  SizedTuple: ["setFields"],
  ...Object.fromEntries(Array.from({ length: 26 }, (_, size) => [`Tuple${size}`, Array.from({ length: size }, (_, index) => `f${index}`)])),
  ...Object.fromEntries(Array.from({ length: 26 }, (_, size) => [`Tuple${size}.`, ["of"]])),
  Row: ["hasPositions", "kind", "names", "position", "values"],
  RowKind: ["value"],
  "ChangelogMode.": ["of"],
  ChangelogMode: ["mode"],
  DataType: ["logicalType"],
  TypeInformation: ["describe", "fieldTypes", "isKeyType", "serializer"],
  "GlobalWindow.": ["INSTANCE"],
  OutputTag: ["typeInfo"],
  OutputFileConfig: ["prefix", "suffix"],
  StartupOptions: ["mode"],
  Configuration: ["rawValue"],
  EnvironmentSettings: ["configuration"],
  ResolvedSchema: ["print"],
  Schema: ["declaration"],
  TableDescriptor: ["definition"],
  // Counts and sums that the program itself has made.
  ...Object.fromEntries(
    [
      "DoubleCounter",
      "DoubleMaximum",
      "DoubleMinimum",
      "IntCounter",
      "IntMaximum",
      "IntMinimum",
      "LongCounter",
      "LongMaximum",
      "LongMinimum",
    ].map((name) => [name, VALUE]),
  ),
  NumberAccumulator: ["getLocalValue", "merge", "resetLocal"],
  AverageAccumulator: ["count", "sum"],
  Histogram: ["counts"],
  MeterView: ["advance", "attach"],
  // Rules: they say something about what they are given.
  AfterMatchSkipStrategy: ["shouldPrune"],
  NoSkipStrategy: ["pruningEvent"],
  SkipPastLastStrategy: ["pruningEvent"],
  SkipToNextStrategy: ["pruningEvent"],
  TumblingEventTimeWindows: ["cache", "offsetMs", "sizeMs", "windowStagger"],
  WindowCache: ["create", "lastContaining", "lastList", "lastStart", "lastUntil", "lists", "sizeMs", "windowsFrom"],
  GlobalWindows: ["defaultTrigger"],
  CountEvictor: ["evict"],
  DeltaEvictor: ["evict"],
  TimeEvictor: ["evict"],
  ContinuousEventTimeTrigger: ["registerNext"],
  ContinuousProcessingTimeTrigger: ["registerNext"],
  ProcessingTimeoutTrigger: ["afterTimer"],
  ExponentialBackoffDelayRetryStrategy: [
    ...["initialDelayMs", "lastRetryDelayMs", "maxAttempts", "maxRetryDelayMs", "multiplier", "predicate"],
    ...["canRetry", "getBackoffTimeMillis", "getRetryPredicate"],
  ],
  ExponentialBackoffDelayRetryStrategyBuilder: ["build", "ifException", "ifResult"],
  FixedDelayRetryStrategy: ["backoffTimeMs", "maxAttempts", "predicate"],
  FixedDelayRetryStrategyBuilder: ["build", "ifException", "ifResult"],
  "WatermarkStrategy.": ["from"],
  // Makes a generator around a clock that it is given; and two numbers that the program has set, for recordings to tell of.
  WatermarkStrategy: ["boundMs", "createWatermarkGenerator", "idleTimeoutMs", "timestampsOnly"],
  // Parts of connectors that are described, not opened: what they would need for more, no program has.
  KafkaSink: ["withGuarantee"],
  OffsetsInitializer: ["offsetIn"],
  "TableLoader.": ["createIfMissing"],
  TableLoader: ["load"],
  IcebergSourceBuilder: ["contradiction"],
  FileSinkBuilder: ["withAfterCommit"],
  FileSourceBuilder: ["withPathFilter"],
  // Steps on the way to a joined stream, whose types have no name for programs.
  CoGroupedWhere: ["equalTo"],
  JoinedWhere: ["equalTo"],
  JoinedEqualTo: ["window"],
  // Patterns and expressions as trees.
  Pattern: ["stage"],
  PatternStage: [
    ...["condition", "firstToLastMs", "functions", "greedy", "group", "oneOrMore", "optional", "or", "ownCondition", "previous"],
    ...[
      "previousToCurrentMs",
      "quantifier",
      "refuseOnGroup",
      "refuseOnNegative",
      "requireNoOptionalBeforeNot",
      "richFunctions",
      "setTimes",
    ],
    ...[
      "skipStrategy",
      "subtype",
      "times",
      "timesBetween",
      "timesExactly",
      "timesOrMore",
      "until",
      "untilCondition",
      "where",
      "name",
      "window",
      "windows",
    ],
  ],
  Quantifier: [
    ...["allowCombinations", "consumingStrategy", "greedy", "inner", "innerConsumingStrategy", "isGreedy", "isOptional", "kind"],
    ...["makeConsecutive", "makeGreedy", "makeOptional", "negative", "optional", "requireLoop"],
  ],
  Expression: ["ast", "aliases", "argument", "order", "ordered"],
  ExpressionBase: AST,
  ...Object.fromEntries(
    ["Aggregate", "Arithmetic", "Collection", "Comparison", "String", "Temporal"].map((kind) => [
      `${kind}Expressions`,
      [...AST, "binary", "is", "range", "trimmed", "castTo", "interval", "unitCall"],
    ]),
  ),
  // Functions of the program's own: the way to `collect` is theirs.
  TableFunction: ["collector", "setCollector"],
  ProcessTableFunction: ["collector", "setCollector"],
};

/** Plain data below these, as patterns. */
export const HARMLESS_PATHS: readonly string[] = [
  "Expressions?\\.(ast|order)\\b",
  "^_?Schema\\d*\\.declaration\\b",
  "^_?TableDescriptor\\.definition\\b",
  "^_?DataType\\.logicalType\\b",
  "^_?TypeInformation\\.(describe\\(\\)|serializer)",
  "^PatternStage\\.times\\b",
  // The module and the constants that it exports.
  "^flink(\\.|$)",
  // What enumerators leave in checkpoints.
  "Enumerator\\.snapshotState\\(\\)",
];
