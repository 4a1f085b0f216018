/** Interval joins, window joins and coGroups of cases. */
import {
  type Collector,
  CoGroupWindowFunction,
  IntervalJoinOperator,
  JoinWindowFunction,
  ListStateDescriptor,
  OutputTag,
  type ProcessJoinContext,
  ProcessJoinFunction,
  TaggedUnion,
} from "./engine.ts";
import { OneInputOperatorHarness, TwoInputOperatorHarness } from "../../../src/testing.ts";
import { encodeLongs, type JsonObject } from "./case-format.ts";
import type { CaseHarness } from "./operator-case.ts";
import { keyText } from "./recorder-values.ts";
import { windowOperatorOf } from "./window-pipeline.ts";

type Row = JsonObject;
type Union = TaggedUnion<Row, Row>;

export function buildIntervalJoinHarness(pipeline: JsonObject): CaseHarness {
  const late = (field: string, id: string) => (pipeline[field] === true ? new OutputTag<Row>(id) : undefined);
  const leftLate = late("sideOutputLeftLate", "leftLate");
  const rightLate = late("sideOutputRightLate", "rightLate");
  const createOperator = () =>
    new IntervalJoinOperator(new PrintPair(), {
      lowerBoundMs: Number(pipeline["lowerMs"] ?? 0),
      upperBoundMs: Number(pipeline["upperMs"] ?? 0),
      lowerBoundInclusive: pipeline["lowerExclusive"] !== true,
      upperBoundInclusive: pipeline["upperExclusive"] !== true,
      ...(leftLate === undefined ? {} : { leftLateDataOutputTag: leftLate }),
      ...(rightLate === undefined ? {} : { rightLateDataOutputTag: rightLate }),
    });
  const harness = new TwoInputOperatorHarness(createOperator, { ...parallelismOf(pipeline), keySelector1: keyText, keySelector2: keyText });
  return { inputs: 2, harness, broadcastInput2: false };
}

/** `windowJoin` and `coGroup`: one window operator over the tagged union of both inputs. */
export function buildCoGroupHarness(pipeline: JsonObject): CaseHarness {
  const windowFunction =
    pipeline["type"] === "windowJoin"
      ? new JoinWindowFunction({
          join: (left, right) => ({ key: keyText(left), left: (left as Row)["value"], right: (right as Row)["value"] }),
        })
      : new CoGroupWindowFunction({
          coGroup: (left, right, out) => {
            const [lefts, rights] = [[...left] as Row[], [...right] as Row[]];
            // An evictor may have left nothing.
            const first = lefts[0] ?? rights[0];
            out.collect({
              key: first === undefined ? null : keyText(first),
              left: lefts.map((row) => row["value"]),
              right: rights.map((row) => row["value"]),
            });
          },
        });
  const parts = { contents: new ListStateDescriptor<unknown>("window-contents"), windowFunction, forEvictor: windowFunction };
  const harness = new OneInputOperatorHarness(() => windowOperatorOf(pipeline, parts, (union) => (union as Union).value), {
    ...parallelismOf(pipeline),
    keySelector: (union) => keyText((union as Union).value),
  });
  return { inputs: 1, harness, wrap: (input, value) => (input === 1 ? TaggedUnion.one(value) : TaggedUnion.two(value)) };
}

function parallelismOf(pipeline: JsonObject) {
  return { parallelism: Number(pipeline["parallelism"] ?? 1), maxParallelism: Number(pipeline["maxParallelism"] ?? 128) };
}

class PrintPair extends ProcessJoinFunction<Row, Row, unknown> {
  override processElement(left: Row, right: Row, ctx: ProcessJoinContext, out: Collector<unknown>): void {
    const [leftTs, rightTs, ts] = [ctx.getLeftTimestamp(), ctx.getRightTimestamp(), ctx.getTimestamp()].map(encodeLongs);
    out.collect({ key: keyText(left), left: left["value"], right: right["value"], leftTs, rightTs, ts });
  }
}
