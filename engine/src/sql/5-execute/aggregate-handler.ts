/**
 * All aggregate calls of one aggregation together. The accumulator is one array: a slot per call, and last the number of rows that
 * went in (so that an empty group can be told and dropped).
 *
 * What is done per record is generated code, one statement per call, so that each call of a function's implementation has a place of its own
 * which V8 can inline; loops over the slots stand beside it for hosts that forbid code from text.
 */
import { CodeWriter } from "../../base/generated-code.ts";
import type { LogicalType } from "../../types/logical-type.ts";
import type { RowKind } from "../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, sameFields } from "../../types/row.ts";
import type { AggregateCall } from "../2-analyze/rel.ts";
import type { Accumulation, AggregateHost } from "../functions/aggregate-function.ts";
import type { Bag } from "../functions/bag.ts";
import type { EvalContext } from "../functions/scalar-function.ts";
import { distinctOf, type SeenOrder } from "../functions/aggregates.ts";
import { hashOfArguments, inHashMapOrder, inOrderOfHashes } from "./java-hash-map.ts";

export type Accumulator = unknown[];

/** Per call the values that have been seen; null = it is not DISTINCT. */
export type SeenValues = (Bag | null)[];

interface Slot {
  readonly accumulation: Accumulation;
  /** Position of the argument in the row, -1 = COUNT(*). */
  readonly at: number;
  readonly second: number;
  /** Positions of the third argument and those behind it. */
  readonly more: readonly number[];
  readonly filterAt: number;
  readonly nullAware: boolean;
}

type Change = (accumulator: Accumulator, row: Row) => void;

/** Where arguments come from: positions below `fields` from the row, the others are the constants. */
interface ArgumentSource {
  readonly fields: number;
  readonly constants: readonly unknown[];
}

/** A row of the kind: the fields of `keyRow` at the key positions, then the results. */
export type ResultRow = (kind: RowKind, keyRow: Row, accumulator: Accumulator) => Row;

/** Functions whose result is one of their arguments, as it came. */
const GIVES_ARGUMENT: ReadonlySet<string> = new Set(["FIRST_VALUE", "LAST_VALUE", "SINGLE_VALUE"]);

export class AggregateHandler {
  /** An accumulator into which no row has gone. */
  readonly create: () => Accumulator;
  /** Counts the row in. */
  readonly add: Change;
  /** Takes the row back. */
  readonly retract: Change;
  private readonly host: AggregateHost = { context: null };
  private readonly slots: readonly Slot[];
  private readonly size: number;
  /** Which results are arrays that the function has made. */
  private readonly arrays: readonly number[];

  /** @param constants arguments that are no fields of the row; their types are the last of `inputTypes`, and calls name them as if they were the row's last fields. */
  constructor(calls: readonly AggregateCall[], inputTypes: readonly LogicalType[], retract: boolean, constants: readonly unknown[] = []) {
    const source: ArgumentSource = { fields: inputTypes.length - constants.length + FIELD_OFFSET, constants };
    this.slots = calls.map((call): Slot => {
      const types = call.args.map((arg) => inputTypes[arg]);
      const keeps = call.keepsExtreme === true;
      const made = withMapOrder(call.fn.implement(types, call.type, retract && !keeps, this.host), call.type);
      // A value that is taken back is followed by one that is no worse.
      const plain = keeps ? { ...made, retract: (accumulator: unknown) => accumulator } : made;
      const fnNullAware = call.fn.nullAware === true;
      const order = call.distinct && plain.showsOrder === true ? seenOrder(types) : null;
      return {
        accumulation: call.distinct ? distinctOf(plain, { arity: types.length, nullAware: fnNullAware, order }) : plain,
        at: call.args.length === 0 ? -1 : call.args[0] + FIELD_OFFSET,
        second: call.args.length < 2 ? -1 : call.args[1] + FIELD_OFFSET,
        more: call.args.slice(2).map((arg) => arg + FIELD_OFFSET),
        filterAt: call.filter < 0 ? -1 : call.filter + FIELD_OFFSET,
        // A map that shows its order grows with NULL too.
        nullAware: fnNullAware || order !== null,
      };
    });
    this.size = calls.length;
    this.arrays = calls.flatMap(({ fn, type }, i) => (type.root === "ARRAY" && !GIVES_ARGUMENT.has(fn.name) ? [i] : []));
    this.create = generateCreate(this.slots) ?? interpretCreate(this.slots);
    this.add = generateChange(this.slots, "add", source) ?? interpretChange(this.slots, "add", source);
    this.retract = generateChange(this.slots, "retract", source) ?? interpretChange(this.slots, "retract", source);
  }

  /** Once, when the operator opens. */
  open(context: EvalContext): void {
    this.host.context = context;
  }

  /** Puts together what has been gathered in memory. */
  merge(into: Accumulator, from: Accumulator): void {
    for (let i = 0; i < this.size; i++) into[i] = this.slots[i].accumulation.merge(into[i], from[i]);
    (into[this.size] as number) += from[this.size] as number;
  }

  /** The same, `from` being what lies in state under another window: there Flink's maps of distinct values have NULL beside them. */
  mergeState(into: Accumulator, from: Accumulator): void {
    for (let i = 0; i < this.size; i++) {
      const { accumulation } = this.slots[i];
      into[i] = accumulation.mergeState === undefined ? accumulation.merge(into[i], from[i]) : accumulation.mergeState(into[i], from[i]);
    }
    (into[this.size] as number) += from[this.size] as number;
  }

  /** Whether the result shows in which order distinct values come, which each merge changes to that of a `HashMap`. */
  get showsDistinctOrder(): boolean {
    return this.slots.some(({ accumulation }) => accumulation.changeOf !== undefined && accumulation.showsOrder === true);
  }

  /** Whether some call is DISTINCT. */
  get hasDistinct(): boolean {
    return this.slots.some(({ accumulation }) => accumulation.changeOf !== undefined);
  }

  /** What `changeOf` keeps of each call, at the beginning. */
  createSeen(): SeenValues {
    return this.slots.map(({ accumulation }) => (accumulation.changeOf === undefined ? null : new Map()));
  }

  /** An accumulator of the same calls without DISTINCT: what the values in this one change after those in `seen`, to which they are added. */
  changeOf(accumulator: Accumulator, seen: SeenValues): Accumulator {
    const change = this.slots.map(({ accumulation }, i) => accumulation.changeOf?.(accumulator[i], seen[i]!) ?? accumulator[i]);
    change.push(this.rows(accumulator));
    return change;
  }

  /** Rows added minus rows retracted. */
  rows(accumulator: Accumulator): number {
    return accumulator[this.size] as number;
  }

  /** Appends the results to a row. */
  results(accumulator: Accumulator, into: Row): void {
    for (let i = 0; i < this.size; i++) into.push(this.slots[i].accumulation.result(accumulator[i]));
  }

  /**
   * Whether two results of one key are the same, so that nothing is told. An array that the function has made, and that holds NULL, is the same as no array, not even itself: Flink
   * compares its elements as SQL does, and only arrays that came with a row byte by byte (`ScalarOperatorGens.generateArrayComparison`).
   *
   * @param first position of the first call's result.
   */
  sameResults(before: Row, after: Row, first: number): boolean {
    if (!sameFields(before, after, first)) return false;
    for (const i of this.arrays) if ((after[first + i] as readonly unknown[] | null)?.includes(null) === true) return false;
    return true;
  }

  resultRow(keyPositions: readonly number[]): ResultRow {
    return generateResultRow(this.slots, keyPositions) ?? interpretResultRow(this.slots, keyPositions);
  }
}

/** A MULTISET is a `HashMap` in Flink. */
function withMapOrder(accumulation: Accumulation, type: LogicalType): Accumulation {
  if (type.root !== "MULTISET") return accumulation;
  const entriesOf = (accumulator: unknown) => accumulation.result(accumulator) as readonly (readonly [value: unknown, count: number])[];
  return { ...accumulation, result: (accumulator) => inHashMapOrder(entriesOf(accumulator), ([value]) => value, type.element!) };
}

function seenOrder(types: readonly LogicalType[]): SeenOrder | null {
  const hash = hashOfArguments(types);
  if (hash === null) return null;
  return (seen, nullLast) => {
    const entries = [...seen];
    if (!nullLast) return inOrderOfHashes(entries, keyOfEntry, hash);
    const nulls = entries.filter((entry) => keyOfEntry(entry) === null);
    const others = nulls.length === 0 ? entries : entries.filter((entry) => keyOfEntry(entry) !== null);
    return [...inOrderOfHashes(others, keyOfEntry, hash), ...nulls];
  };
}

function keyOfEntry([, [key]]: readonly [string, readonly [key: unknown, count: number]]): unknown {
  return key;
}

/** More calls than that are a loop: V8 does not optimise very long functions. */
const MAX_SLOTS = 60;

/** An array literal is as long as the array stays. One that has been grown has spare room, and its elements far from itself: a further wait for memory with every row. */
function generateCreate(slots: readonly Slot[]): (() => Accumulator) | null {
  if (slots.length > MAX_SLOTS) return null;
  const writer = new CodeWriter();
  const created = slots.map(({ accumulation }) => `${writer.constant(accumulation)}.create()`);
  return writer.evaluate(`return () => [${[...created, "0"].join(", ")}];`) as (() => Accumulator) | null;
}

function interpretCreate(slots: readonly Slot[]): () => Accumulator {
  return () => [...slots.map(({ accumulation }) => accumulation.create()), 0];
}

function generateChange(slots: readonly Slot[], name: "add" | "retract", { fields, constants }: ArgumentSource): Change | null {
  if (slots.length > MAX_SLOTS) return null;
  const writer = new CodeWriter();
  const read = (position: number): string => (position < fields ? `row[${position}]` : writer.constant(constants[position - fields]));
  const statements = slots.map(({ accumulation, at, second, more, filterAt, nullAware }, i) => {
    const apply = `${writer.constant(accumulation)}.${name}`;
    const conditions = [...(filterAt < 0 ? [] : [`row[${filterAt}] === true`]), ...(at < 0 || nullAware ? [] : [`${read(at)} !== null`])];
    const test = conditions.length === 0 ? "" : `if (${conditions.join(" && ")}) `;
    return `${test}acc[${i}] = ${apply}(acc[${i}], ${at < 0 ? "true" : read(at)}${second < 0 ? "" : `, ${read(second)}`}${more.map((position) => `, ${read(position)}`).join("")});`;
  });
  const body = [...statements, `acc[${slots.length}] ${name === "add" ? "+" : "-"}= 1;`].join("\n");
  return writer.evaluate(`return (acc, row) => {\n${body}\n};`) as Change | null;
}

const NO_VALUES: readonly unknown[] = [];

function interpretChange(slots: readonly Slot[], name: "add" | "retract", { fields, constants }: ArgumentSource): Change {
  const by = name === "add" ? 1 : -1;
  const read = (row: Row, position: number): unknown => (position < fields ? row[position] : constants[position - fields]);
  return (accumulator, row) => {
    for (let i = 0; i < slots.length; i++) {
      const { accumulation, at, second, more, filterAt, nullAware } = slots[i];
      if (filterAt >= 0 && row[filterAt] !== true) continue;
      const value = at < 0 ? true : read(row, at);
      if (value === null && !nullAware) continue;
      const others = more.length === 0 ? NO_VALUES : more.map((position) => read(row, position));
      accumulator[i] = accumulation[name](accumulator[i], value, second < 0 ? undefined : read(row, second), ...others);
    }
    (accumulator[slots.length] as number) += by;
  };
}

function generateResultRow(slots: readonly Slot[], keyPositions: readonly number[]): ResultRow | null {
  if (slots.length > MAX_SLOTS) return null;
  const writer = new CodeWriter();
  const fields = [
    ...keyPositions.map((at) => `keyRow[${at}]`),
    ...slots.map(({ accumulation }, i) => `${writer.constant(accumulation)}.result(acc[${i}])`),
  ];
  return writer.evaluate(`return (kind, keyRow, acc) => [${["kind", ...fields].join(", ")}];`) as ResultRow | null;
}

function interpretResultRow(slots: readonly Slot[], keyPositions: readonly number[]): ResultRow {
  return (kind, keyRow, accumulator) => {
    const made: Row = [kind];
    for (const at of keyPositions) made.push(keyRow[at]);
    for (let i = 0; i < slots.length; i++) made.push(slots[i].accumulation.result(accumulator[i]));
    return made;
  };
}
