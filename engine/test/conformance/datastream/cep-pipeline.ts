/**
 * The CEP operator that a case describes. Beyond the fields of the common format, cases of our own may have
 *
 * - stages with `group`: a list of stages instead of `name` and `where`, with `rel` `beginGroup`, `nextGroup`, `followedByGroup`, `followedByAnyGroup`;
 * - `withinMs` and `withinType` on a stage; a number of milliseconds as the last argument `{"gapMs":n}` of `oneOrMore`, `times`, `timesOrMore`;
 * - `skip.throwOnMiss`; `comparator`: a field by whose text events of one timestamp are ordered; `keyed`: false for a stream without key.
 */
import { OutputTag } from "../../../src/flow/output.ts";
import { AfterMatchSkipStrategy } from "../../../src/operators/cep/after-match-skip-strategy.ts";
import { CepOperator } from "../../../src/operators/cep/cep-operator.ts";
import { IterativeCondition, type IterativeConditionContext } from "../../../src/operators/cep/conditions.ts";
import { compilePattern } from "../../../src/operators/cep/nfa-compiler.ts";
import {
  type PatternProcessContext,
  PatternProcessFunction,
  type TimedOutPartialMatchHandler,
} from "../../../src/operators/cep/pattern-process-function.ts";
import type { Collector } from "../../../src/flow/functions.ts";
import { Pattern, WithinType } from "../../../src/datastream/cep/pattern.ts";
import { OneInputOperatorHarness } from "../../../src/testing.ts";
import { evaluate } from "./action-language.ts";
import type { Json, JsonObject } from "./case-format.ts";
import { type CaseHarness, LATE } from "./operator-case.ts";
import { asBoolean, asDouble, keyText } from "./recorder-values.ts";

type Row = JsonObject & { readonly id?: Json };

/** The operator of a case of type `cep`. */
export function buildCepHarness(pipeline: JsonObject): CaseHarness {
  const keyed = pipeline["keyed"] !== false;
  const harness = new OneInputOperatorHarness(() => createOperator(pipeline), {
    parallelism: (pipeline["parallelism"] as number | undefined) ?? 1,
    maxParallelism: (pipeline["maxParallelism"] as number | undefined) ?? 128,
    keySelector: keyed ? keyText : () => 0,
  });
  return { inputs: 1, harness };
}

function createOperator(pipeline: JsonObject): CepOperator<Row, Json> {
  const pattern = patternOf(pipeline);
  const order = pipeline["comparator"] as string | undefined;
  return new CepOperator<Row, Json>(pipeline["timeoutSideOutput"] ? new MatchesAndTimeouts() : new Matches(), {
    graph: compilePattern(pattern.stage),
    skipStrategy: pattern.stage.skipStrategy,
    isProcessingTime: pipeline["time"] === "processing",
    comparator: order === undefined ? null : (left, right) => compareText((left as Row)[order], (right as Row)[order]),
    lateDataOutputTag: pipeline["lateSideOutput"] ? new OutputTag<Row>(LATE) : null,
  });
}

function compareText(left: Json, right: Json): number {
  return String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0;
}

function patternOf(pipeline: JsonObject): Pattern<Row> {
  const pattern = sequenceOf(pipeline["pattern"] as JsonObject[], skipStrategyOf(pipeline["skip"] as JsonObject | undefined));
  within(pattern, pipeline);
  return pattern;
}

function sequenceOf(stages: readonly JsonObject[], skip: AfterMatchSkipStrategy): Pattern<Row> {
  let pattern: Pattern<Row> | null = null;
  for (const stage of stages) {
    pattern = append(pattern, stage, skip);
    if (stage["where"] !== undefined) pattern = pattern.where(new ExpressionCondition(stage["where"]));
    if (stage["or"] !== undefined) pattern = pattern.or(new ExpressionCondition(stage["or"]));
    for (const quantifier of (stage["quantifiers"] ?? []) as Json[])
      quantify(pattern, Array.isArray(quantifier) ? quantifier : [quantifier]);
    within(pattern, stage);
  }
  return pattern as Pattern<Row>;
}

function append(previous: Pattern<Row> | null, stage: JsonObject, skip: AfterMatchSkipStrategy): Pattern<Row> {
  const name = stage["name"] as string;
  const group = () => sequenceOf(stage["group"] as JsonObject[], AfterMatchSkipStrategy.noSkip());
  if (previous === null) return stage["rel"] === "beginGroup" ? Pattern.begin(group(), skip) : Pattern.begin<Row>(name, skip);
  switch (stage["rel"]) {
    case "next":
      return previous.next(name);
    case "followedBy":
      return previous.followedBy(name);
    case "followedByAny":
      return previous.followedByAny(name);
    case "notNext":
      return previous.notNext(name);
    case "notFollowedBy":
      return previous.notFollowedBy(name);
    case "nextGroup":
      return previous.next(group());
    case "followedByGroup":
      return previous.followedBy(group());
    case "followedByAnyGroup":
      return previous.followedByAny(group());
    default:
      throw new Error(`unknown relation ${JSON.stringify(stage)}`);
  }
}

function quantify(pattern: Pattern<Row>, [name, ...given]: Json[]): void {
  const last = given.at(-1);
  const gap = typeof last === "object" && last !== null && !Array.isArray(last) && name !== "until" ? (last["gapMs"] as number) : null;
  const numbers = given.filter((argument) => typeof argument === "number");
  switch (name) {
    case "oneOrMore":
      pattern.oneOrMore(gap);
      return;
    case "times":
      if (numbers.length === 2) pattern.times(numbers[0], numbers[1], gap);
      else pattern.times(numbers[0], gap === null ? null : { toMillis: () => gap });
      return;
    case "timesOrMore":
      pattern.timesOrMore(numbers[0], gap);
      return;
    case "optional":
      pattern.optional();
      return;
    case "greedy":
      pattern.greedy();
      return;
    case "consecutive":
      pattern.consecutive();
      return;
    case "allowCombinations":
      pattern.allowCombinations();
      return;
    case "until":
      pattern.until(new ExpressionCondition(given[0]));
      return;
    default:
      throw new Error(`unknown quantifier ${String(name)}`);
  }
}

function within(pattern: Pattern<Row>, spec: JsonObject): void {
  if (spec["withinMs"] === undefined || spec["withinMs"] === null) return;
  const type = spec["withinType"] === "previousAndCurrent" ? WithinType.PREVIOUS_AND_CURRENT : WithinType.FIRST_AND_LAST;
  pattern.within(spec["withinMs"] as number, type);
}

function skipStrategyOf(skip: JsonObject | undefined): AfterMatchSkipStrategy {
  switch (skip?.["type"]) {
    case undefined:
    case "noSkip":
      return AfterMatchSkipStrategy.noSkip();
    case "skipToNext":
      return AfterMatchSkipStrategy.skipToNext();
    case "skipPastLastEvent":
      return AfterMatchSkipStrategy.skipPastLastEvent();
    case "skipToFirst":
    case "skipToLast": {
      const name = skip?.["name"] as string;
      const strategy =
        skip?.["type"] === "skipToFirst" ? AfterMatchSkipStrategy.skipToFirst(name) : AfterMatchSkipStrategy.skipToLast(name);
      return skip?.["throwOnMiss"] ? strategy.throwExceptionOnMiss() : strategy;
    }
    default:
      throw new Error(`unknown skip strategy ${JSON.stringify(skip)}`);
  }
}

class ExpressionCondition extends IterativeCondition<Row> {
  private readonly expression: Json;

  constructor(expression: Json) {
    super();
    this.expression = expression;
  }

  filter(value: Row, ctx: IterativeConditionContext<Row>): boolean {
    const { expression } = this;
    if (Array.isArray(expression) && expression[0] === "sumOfLess") {
      let sum = asDouble(value["value"]);
      for (const earlier of ctx.getEventsForPattern(expression[1] as string)) sum += asDouble(earlier["value"]);
      return sum < asDouble(expression[2]);
    }
    return asBoolean(evaluate(expression, { record: value, states: new Map(), emit: () => {} }));
  }
}

/** Ids of the events by stage. */
function idsOf(match: ReadonlyMap<string, readonly Row[]>): JsonObject {
  return Object.fromEntries([...match].map(([name, events]) => [name, events.map(({ id }) => id ?? null)]));
}

class Matches extends PatternProcessFunction<Row, Json> {
  processMatch(match: Map<string, Row[]>, ctx: PatternProcessContext, out: Collector<Json>): void {
    out.collect({ match: idsOf(match), timestamp: ctx.timestamp() });
  }
}

class MatchesAndTimeouts extends Matches implements TimedOutPartialMatchHandler<Row> {
  private readonly timedOut = new OutputTag<Json>("timedOut");

  processTimedOutMatch(match: Map<string, Row[]>, ctx: PatternProcessContext): void {
    ctx.output(this.timedOut, { partial: idsOf(match), timestamp: ctx.timestamp() });
  }
}
