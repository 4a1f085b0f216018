/**
 * The functions of Flink's own planner tests that recorded cases call (`ProcessTableFunctionTestUtils`), written once more in TypeScript: they show what
 * they were given as text, so a case tells state, time and timers apart. Known to CREATE FUNCTION under their Java names.
 */
import { type AsyncResult, AsyncScalarFunction, AsyncTableFunction } from "../../../src/sql/user-functions/async-functions.ts";
import { AggregateFunction } from "../../../src/sql/user-functions/aggregate-function.ts";
import { ScalarFunction } from "../../../src/sql/user-functions/scalar-function.ts";
import { TableFunction } from "../../../src/sql/user-functions/table-function.ts";
import type { FunctionClass } from "../../../src/sql/user-functions/user-defined-function.ts";
import type { FunctionClasses } from "../../../src/sql/user-functions/function-signature.ts";
import type { ListView, MapView } from "../../../src/sql/user-functions/data-views.ts";
import { ChangelogMode } from "../../../src/sql/user-functions/changelog-mode.ts";
import {
  type ArgumentTrait,
  type ProcessTableOnTimerContext,
  type ProcessTableContext,
  ProcessTableFunction,
  type TimeContext,
} from "../../../src/sql/user-functions/process-table-function.ts";
import { Row } from "../../../src/sql/user-functions/row.ts";
import { RowKind } from "../../../src/sql/user-functions/row-kind.ts";

const OUT = "ROW<`out` STRING>";
const MAX = "9223372036854775807";
const MAX_TIME = 2 ** 53 - 1;

/** As Java's toString. */
function text(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (value instanceof Row) {
    const fields = Array.from({ length: value.getArity() }, (_, i) => text(value.getField(i)));
    return `${value.getKind().shortString()}[${fields.join(", ")}]`;
  }
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  return String(value);
}

interface Score {
  s: string | null;
  i: number | null;
}

const scoreText = (name: string, { s, i }: Score): string => `${name}(s='${text(s)}', i=${text(i)})`;

function table(name: string, ...traits: readonly ArgumentTrait[]) {
  return { name, traits };
}

const ROW = table("r", "ROW_SEMANTIC_TABLE");
const SET = table("r", "SET_SEMANTIC_TABLE");
const TIMED_SET = table("r", "SET_SEMANTIC_TABLE", "REQUIRE_ON_TIME");
const INT = { name: "i", type: "INT" };

abstract class Append extends ProcessTableFunction<Row> {
  protected show(...values: readonly unknown[]): void {
    this.collect(Row.of(`{${values.map(text).join(", ")}}`));
  }

  protected at(time: TimeContext): string {
    return `at time ${text(time.time())} watermark ${text(time.currentWatermark())}`;
  }

  protected showRow(time: TimeContext, row: Row): void {
    this.show(`Processing input row ${text(row)} ${this.at(time)}`);
  }

  protected showTimer(context: ProcessTableOnTimerContext): void {
    this.show(`Timer ${text(context.currentTimer())} fired ${this.at(context.timeContext())}`);
  }

  protected setTimer(time: TimeContext, name: string | null, timeMs: number): void {
    const shown = timeMs === MAX_TIME ? MAX : timeMs;
    this.show(`Registering timer ${name === null ? "" : `${name} `}for ${shown} ${this.at(time)}`);
    if (name === null) time.registerOnTime(timeMs);
    else time.registerOnTime(name, timeMs);
  }

  protected clearTimer(time: TimeContext, nameOrTime: string | number): void {
    this.show(`Clearing timer ${nameOrTime} ${this.at(time)}`);
    time.clearTimer(nameOrTime);
  }

  protected clearTimers(time: TimeContext): void {
    this.show(`Clearing all timers ${this.at(time)}`);
    time.clearAllTimers();
  }
}

class ScalarArgsFunction extends Append {
  static functionHint = {
    arguments: [
      { name: "i", type: "INT" },
      { name: "b", type: "BOOLEAN" },
    ],
    output: OUT,
  };
  eval(_context: ProcessTableContext, i: number, b: boolean): void {
    this.show(i, b);
  }
}

class EmptyArgFunction extends Append {
  static functionHint = { arguments: [], output: OUT };
  eval(): void {
    this.show("empty");
  }
}

class IntervalDayArgFunction extends Append {
  static functionHint = { arguments: [{ name: "d", type: "INTERVAL DAY TO SECOND(3)" }], output: OUT };
  eval(_context: ProcessTableContext, ms: number): void {
    this.show(`PT${ms / 1000}S`);
  }
}

class DescriptorFunction extends Append {
  static functionHint = {
    arguments: ["columnList1", "columnList2", "columnList3"].map((name) => ({ name, type: "DESCRIPTOR", isOptional: true })),
    output: OUT,
  };
  eval(_context: ProcessTableContext, ...lists: (readonly string[])[]): void {
    this.show(...lists.map((names) => `(${names.map((name) => `\`${name}\``).join(", ")})`));
  }
}

/** With one table and one number. */
abstract class RowAndNumber extends Append {
  eval(_context: ProcessTableContext, row: Row, i: number): void {
    this.show(row, i);
  }
}

class RowSemanticTableFunction extends RowAndNumber {
  static functionHint = { arguments: [ROW, INT], output: OUT };
}

class RowSemanticTablePassThroughFunction extends RowAndNumber {
  static functionHint = { arguments: [table("r", "ROW_SEMANTIC_TABLE", "PASS_COLUMNS_THROUGH"), INT], output: OUT };
}

class SetSemanticTableFunction extends RowAndNumber {
  static functionHint = { arguments: [SET, INT], output: OUT };
}

class SetSemanticTableOptionalPartitionFunction extends RowAndNumber {
  static functionHint = { arguments: [table("r", "SET_SEMANTIC_TABLE", "OPTIONAL_PARTITION_BY"), INT], output: OUT };
}

class SetSemanticTablePassThroughFunction extends RowAndNumber {
  static functionHint = { arguments: [table("r", "SET_SEMANTIC_TABLE", "PASS_COLUMNS_THROUGH"), INT], output: OUT };
}

const USER = "ROW<s STRING, i INT>";

class TypedRowSemanticTableFunction extends Append {
  static functionHint = { arguments: [{ ...table("u", "ROW_SEMANTIC_TABLE"), type: USER }, INT], output: OUT };
  eval(_context: ProcessTableContext, user: Row, i: number): void {
    this.show(`User(s='${text(user.getField("s"))}', i=${text(user.getField("i"))})`, i);
  }
}

class TypedSetSemanticTableFunction extends TypedRowSemanticTableFunction {
  static override functionHint = { arguments: [{ ...table("u", "SET_SEMANTIC_TABLE"), type: USER }, INT], output: OUT };
}

/** With one table. */
abstract class OneRow extends Append {
  eval(_context: ProcessTableContext, row: Row): void {
    this.show(row);
  }
}

class RequiredTimeFunction extends OneRow {
  static functionHint = { arguments: [table("r", "ROW_SEMANTIC_TABLE", "REQUIRE_ON_TIME")], output: OUT };
}

class SetSemanticTableRetractArgFunction extends OneRow {
  static functionHint = { arguments: [table("r", "SET_SEMANTIC_TABLE", "SUPPORT_UPDATES", "REQUIRE_UPDATE_BEFORE")], output: OUT };
}

class SetSemanticTableFullDeletesArgFunction extends OneRow {
  static functionHint = { arguments: [table("r", "SET_SEMANTIC_TABLE", "SUPPORT_UPDATES", "REQUIRE_FULL_DELETE")], output: OUT };
}

class MultiInputFunction extends Append {
  static functionHint = {
    arguments: [table("in1", "SET_SEMANTIC_TABLE", "OPTIONAL_PARTITION_BY"), table("in2", "SET_SEMANTIC_TABLE", "OPTIONAL_PARTITION_BY")],
    output: OUT,
  };
  eval(_context: ProcessTableContext, in1: Row | null, in2: Row | null): void {
    this.show(in1, in2);
  }
}

class ContextFunction extends Append {
  static functionHint = { arguments: [SET, { name: "s", type: "STRING" }], output: OUT };
  eval(context: ProcessTableContext, row: Row, s: string): void {
    const semantics = context.tableSemanticsFor("r");
    const type = semantics.dataType().toString().replace(" NOT NULL", "");
    this.show(row, s, semantics.partitionByColumns(), semantics.changelogMode(), type);
  }
}

class PojoStateFunction extends Append {
  static functionHint = { arguments: [SET], state: [{ name: "s", initial: (): Score => ({ s: null, i: null }) }], output: OUT };
  eval(_context: ProcessTableContext, score: Score, row: Row): void {
    this.show(scoreText("Score", score), row);
    if (row.getField("name") === "Bob") score.s = row.getFieldAs<string>("name");
    score.i = score.i === null ? 0 : score.i + 1;
  }
}

class PojoWithDefaultStateFunction extends Append {
  static functionHint = { arguments: [SET], state: [{ name: "s", initial: (): Score => ({ s: null, i: 99 }) }], output: OUT };
  eval(_context: ProcessTableContext, score: Score, row: Row): void {
    this.show(scoreText("ScoreWithDefaults", score), row);
    if (row.getField("name") === "Bob") {
      score.s = row.getFieldAs<string>("name");
      score.i = 0;
    }
  }
}

class ClearStateFunction extends Append {
  static functionHint = { arguments: [SET], state: [{ name: "s", initial: (): Score => ({ s: null, i: 99 }) }], output: OUT };
  eval(context: ProcessTableContext, score: Score, row: Row): void {
    this.show(scoreText("ScoreWithDefaults", score), row);
    if (row.getField("name") === "Bob" && score.i === 100) context.clearState("s");
    else score.i = score.i! + 1;
  }
}

class MultiStateFunction extends Append {
  static functionHint = {
    arguments: [SET],
    state: [
      { name: "s1", type: "ROW<i INT>" },
      { name: "s2", type: "ROW<s STRING>" },
    ],
    output: OUT,
  };
  eval(_context: ProcessTableContext, s1: Row, s2: Row, row: Row): void {
    this.show(s1, s2, row);
    const i = s1.getFieldAs<number | null>("i") ?? 0;
    s1.setField("i", i + 1);
    s2.setField("s", String(i));
  }
}

class ListStateFunction extends Append {
  static functionHint = { arguments: [SET], state: [{ name: "s", type: "ARRAY<STRING>", view: true }], output: OUT };
  eval(_context: ProcessTableContext, list: ListView<string>, row: Row): void {
    this.show(list.get(), "KeyedStateListView", row);
    list.add(String(list.get().length));
  }
}

class MapStateFunction extends Append {
  static functionHint = { arguments: [SET], state: [{ name: "s", type: "MAP<STRING, INT>", view: true }], output: OUT };
  eval(_context: ProcessTableContext, map: MapView<string, number>, row: Row): void {
    const shown = [...map.entries()].map(([key, value]) => `${key}=${text(value)}`).sort();
    this.show(`{${shown.join(", ")}}`, "KeyedStateMapViewWithKeysNotNull", row);
    const name = row.getFieldAs<string>("name");
    const count = map.contains(name) ? map.get(name)! : 1;
    map.put(`old${name}`, count);
    map.put(name, count + 1);
    map.put("nullValue", null as unknown as number);
  }
}

class NamedTimersFunction extends Append {
  static functionHint = { arguments: [TIMED_SET], output: OUT };
  eval(context: ProcessTableContext, row: Row): void {
    const time = context.timeContext();
    this.showRow(time, row);
    const now = time.time()!;
    if (now !== 0) return;
    for (const i of [1, 2, 3]) this.setTimer(time, `timeout${i}`, now + i);
    this.setTimer(time, "timeout4", MAX_TIME);
    this.setTimer(time, "timeout5", MAX_TIME);
  }
  override onTimer(context: ProcessTableOnTimerContext): void {
    const time = context.timeContext();
    this.showTimer(context);
    if (context.currentTimer() === "timeout1") {
      this.setTimer(time, "timeout2", time.time()! + 4);
      this.clearTimer(time, "timeout3");
    }
    if (context.currentTimer() === "timeout2") this.clearTimers(time);
  }
}

class UnnamedTimersFunction extends Append {
  static functionHint = { arguments: [TIMED_SET], output: OUT };
  eval(context: ProcessTableContext, row: Row): void {
    const time = context.timeContext();
    this.showRow(time, row);
    const now = time.time()!;
    if (now !== 0) return;
    for (const i of [1, 2]) this.setTimer(time, null, now + i);
    this.setTimer(time, null, MAX_TIME);
  }
  override onTimer(context: ProcessTableOnTimerContext): void {
    const time = context.timeContext();
    this.showTimer(context);
    if (time.time() === 1) {
      this.setTimer(time, null, time.time()! + 4);
      this.clearTimer(time, 2);
    }
    if (time.time() === 5) this.clearTimers(time);
  }
}

class LateTimersFunction extends Append {
  static functionHint = { arguments: [TIMED_SET], output: OUT };
  eval(context: ProcessTableContext, row: Row): void {
    const time = context.timeContext();
    this.showRow(time, row);
    if (row.getField("name") === "Bob") {
      this.setTimer(time, "bob", 0);
      this.setTimer(time, null, 0);
    } else this.setTimer(time, "alice", 1);
  }
  override onTimer(context: ProcessTableOnTimerContext): void {
    this.showTimer(context);
    if (context.currentTimer() === "alice") this.setTimer(context.timeContext(), "alice-again", 0);
  }
}

class OptionalOnTimeFunction extends Append {
  static functionHint = { arguments: [SET], output: OUT };
  eval(context: ProcessTableContext, row: Row): void {
    const time = context.timeContext();
    this.showRow(time, row);
    const watermark = time.currentWatermark();
    this.setTimer(time, "t", watermark === null || watermark < 0 ? 1 : watermark + 1);
  }
  override onTimer(context: ProcessTableOnTimerContext): void {
    this.showTimer(context);
  }
}

class PojoStateTimeFunction extends Append {
  static functionHint = { arguments: [TIMED_SET], state: [{ name: "s", initial: (): Score => ({ s: null, i: null }) }], output: OUT };
  eval(context: ProcessTableContext, score: Score, row: Row): void {
    const time = context.timeContext();
    this.show(scoreText("Score", score), row);
    if (score.i === null) {
      score.i = 1;
      this.setTimer(time, "t", time.time()! + 2);
    } else score.i++;
  }
  override onTimer(context: ProcessTableOnTimerContext, score: Score): void {
    this.showTimer(context);
    score.i = score.i! * 10;
  }
}

class OrderByFunction extends Append {
  static functionHint = {
    arguments: [table("r", "SET_SEMANTIC_TABLE", "OPTIONAL_PARTITION_BY")],
    state: [{ name: "order", initial: (): { list: string[] } => ({ list: [] }) }],
    output: OUT,
  };
  eval(context: ProcessTableContext, order: { list: string[] }, row: Row): void {
    order.list.push(text(row));
    const time = context.timeContext();
    const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
    const own = row.getFieldAs<Date>("ts");
    this.show(instant(time.currentWatermark()), instant(time.tableWatermark()), instant(time.time()) ?? own, order.list);
  }
}

class InvalidPassThroughTimersFunction extends Append {
  static functionHint = { arguments: [table("r", "SET_SEMANTIC_TABLE", "PASS_COLUMNS_THROUGH", "REQUIRE_ON_TIME")], output: OUT };
  eval(context: ProcessTableContext): void {
    context.timeContext().registerOnTime("t", 1);
  }
}

class InvalidRowSemanticTableTimersFunction extends InvalidPassThroughTimersFunction {
  static override functionHint = { arguments: [table("r", "ROW_SEMANTIC_TABLE", "REQUIRE_ON_TIME")], output: OUT };
}

class UpdatingUpsertFunction extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [table("r", "SET_SEMANTIC_TABLE", "SUPPORT_UPDATES")],
    output: "ROW<`name` STRING, `count` BIGINT, `mode` STRING>",
  };
  eval(context: ProcessTableContext, row: Row): void {
    const kind = row.getKind() === RowKind.UPDATE_BEFORE ? RowKind.UPDATE_AFTER : row.getKind();
    this.collect(Row.ofKind(kind, row.getField(0), row.getField(1), String(context.tableSemanticsFor("r").changelogMode())));
  }
  override getChangelogMode(): ChangelogMode {
    return ChangelogMode.upsert();
  }
}

class ReservedArgFunction extends Append {
  static functionHint = { arguments: [{ name: "uid", type: "STRING" }], output: OUT };
  eval(): void {
    this.show();
  }
}

// ---- of other tests ----

interface WeightedAccumulator {
  sum: number;
  count: number;
}

class WeightedAvg extends AggregateFunction<number | null, WeightedAccumulator> {
  static functionHint = [
    { input: ["BIGINT", "INT", "INT", "STRING"], output: "BIGINT" },
    { input: ["BIGINT", "INT"], output: "BIGINT" },
    { input: ["INT", "INT"], output: "BIGINT" },
  ];
  createAccumulator(): WeightedAccumulator {
    return { sum: 0, count: 0 };
  }
  accumulate(accumulator: WeightedAccumulator, value: number, weight: number): void {
    accumulator.sum += value * weight;
    accumulator.count += weight;
  }
  getValue({ sum, count }: WeightedAccumulator): number | null {
    return count === 0 ? null : Math.trunc(sum / count);
  }
}

class WeightedAvgWithMerge extends WeightedAvg {
  override merge(accumulator: WeightedAccumulator, others: Iterable<WeightedAccumulator>): void {
    for (const other of others) {
      accumulator.sum += other.sum;
      accumulator.count += other.count;
    }
  }
}

class NamedArgumentsScalarFunction extends ScalarFunction {
  static functionHint = { input: ["INT", "INT"], argumentNames: ["in1", "in2"], output: "STRING" };
  eval(in1: number, in2: number): string {
    return `${in1}: ${in2}`;
  }
}

const OPTIONAL = { input: ["STRING", "STRING"], argumentNames: ["in1", "in2"], isOptional: [true, true], output: "STRING" };

class NamedArgumentsScalarFunctionWithOptionalArguments extends ScalarFunction {
  static functionHint = OPTIONAL;
  eval(in1: string | null, in2: string | null): string {
    return `${in1}: ${in2}`;
  }
}

class NamedArgumentsTableFunctionWithOptionalArguments extends TableFunction<string> {
  static functionHint = OPTIONAL;
  eval(in1: string | null, in2: string | null): void {
    this.collect(`${in1}, ${in2}`);
  }
}

class NamedArgumentAggregateFunctionWithOptionalArguments extends AggregateFunction<string, { text: string }> {
  static functionHint = OPTIONAL;
  createAccumulator(): { text: string } {
    return { text: "" };
  }
  accumulate(accumulator: { text: string }, in1: string | null, in2: string | null): void {
    accumulator.text = `${in1}: ${in2}`;
  }
  getValue({ text: last }: { text: string }): string {
    return last;
  }
}

class NamedArgumentsWithOverloadedScalarFunction extends ScalarFunction {
  static functionHint = [
    { input: ["INT", "INT"], argumentNames: ["in1", "in2"], output: "STRING" },
    { input: ["STRING", "STRING"], argumentNames: ["in1", "in2"], output: "STRING" },
  ];
  eval(in1: unknown, in2: unknown): string {
    return `${String(in1)}: ${String(in2)}`;
  }
}

class VarArgScalarFunction extends ScalarFunction {
  static functionHint = [
    { input: ["INT"], isVarArgs: true, output: "STRING" },
    { input: ["STRING", "INT"], isVarArgs: true, output: "STRING" },
  ];
  eval(...values: readonly unknown[]): string {
    return typeof values[0] === "string" ? "(STRING, INT...)" : "(INT...)";
  }
}

/** `null + 1` throws in Java. */
class JavaFunc0 extends ScalarFunction {
  static functionHint = { input: ["BIGINT"], output: "BIGINT NOT NULL" };
  eval(value: number | null): number {
    if (value === null) throw new Error('Cannot invoke "java.lang.Long.longValue()" because "l" is null');
    return value + 1;
  }
}

class StringSplit extends TableFunction<string> {
  static functionHint = [
    { input: ["STRING"], output: "STRING" },
    { input: ["STRING", "STRING"], output: "STRING" },
  ];
  eval(text: string, separator = ","): void {
    for (const part of text.split(separator)) this.collect(part);
  }
}

class AsyncSumScalarFunction extends AsyncScalarFunction<number> {
  static functionHint = { input: ["INT NOT NULL", "INT NOT NULL"], output: "INT" };
  eval(result: AsyncResult<number>, a: number, b: number): void {
    result.complete(a + b);
  }
}

class AsyncStringSplit extends AsyncTableFunction<string> {
  static functionHint = [
    { input: ["STRING"], output: "STRING" },
    { input: ["STRING", "STRING"], output: "STRING" },
  ];
  eval(result: AsyncResult<Iterable<string>>, text: string, separator = ","): void {
    result.complete(text.split(separator));
  }
}

const AGGREGATES = { WeightedAvg, WeightedAvgWithMerge };
const FUNCTIONS = {
  NamedArgumentAggregateFunctionWithOptionalArguments,
  NamedArgumentsScalarFunction,
  NamedArgumentsScalarFunctionWithOptionalArguments,
  NamedArgumentsTableFunctionWithOptionalArguments,
  NamedArgumentsWithOverloadedScalarFunction,
  VarArgScalarFunction,
};
const RUNTIME = "org.apache.flink.table.planner.runtime.";

function under(prefix: string, classes: Readonly<Record<string, FunctionClass>>): [string, FunctionClass][] {
  return Object.entries(classes).map(([name, fn]) => [prefix + name, fn]);
}

const UTILS = "org.apache.flink.table.planner.plan.nodes.exec.stream.ProcessTableFunctionTestUtils$";
const TEST = "org.apache.flink.table.planner.plan.stream.sql.ProcessTableFunctionTest$";

const OF_UTILS = {
  ClearStateFunction,
  ContextFunction,
  DescriptorFunction,
  EmptyArgFunction,
  IntervalDayArgFunction,
  InvalidPassThroughTimersFunction,
  InvalidRowSemanticTableTimersFunction,
  LateTimersFunction,
  ListStateFunction,
  MapStateFunction,
  MultiInputFunction,
  MultiStateFunction,
  NamedTimersFunction,
  OptionalOnTimeFunction,
  OrderByFunction,
  PojoStateFunction,
  PojoStateTimeFunction,
  PojoWithDefaultStateFunction,
  RequiredTimeFunction,
  RowSemanticTableFunction,
  RowSemanticTablePassThroughFunction,
  ScalarArgsFunction,
  SetSemanticTableFullDeletesArgFunction,
  SetSemanticTableFunction,
  SetSemanticTableOptionalPartitionFunction,
  SetSemanticTablePassThroughFunction,
  SetSemanticTableRetractArgFunction,
  TypedRowSemanticTableFunction,
  TypedSetSemanticTableFunction,
  UnnamedTimersFunction,
  UpdatingUpsertFunction,
};

export const FLINK_TEST_FUNCTIONS: FunctionClasses = new Map([
  ...under(UTILS, OF_UTILS),
  ...under(TEST, { ReservedArgFunction }),
  ...under(`${RUNTIME}utils.JavaUserDefinedAggFunctions$`, AGGREGATES),
  ...under(`${RUNTIME}stream.sql.FunctionITCase$`, FUNCTIONS),
  ...under(`${RUNTIME}utils.JavaUserDefinedScalarFunctions$`, { JavaFunc0 }),
  ...under(`${RUNTIME}utils.JavaUserDefinedTableFunctions$`, { AsyncStringSplit, AsyncSumScalarFunction, StringSplit }),
]);
