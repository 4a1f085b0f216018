/**
 * A join of many inputs by one common key (Flink: `StreamingMultiJoinOperator`). Rows of all inputs come in one stream, each with the number of its input in front
 * (process-table-function.ts, `TagRowsOperator`); the operator keeps the rows of each input, and no results of joins in between.
 *
 * A row that comes, or is taken back, is put together with all rows of the other inputs that it meets: input by input, from the first to the last, one row of each stands
 * in `joined`, and at the end what stands there is given out with the kind of the row. For a left join it matters whether the rows before it find a partner:
 *
 * - among kept rows: none, and NULLs stand in their place;
 * - in the row at hand itself: when it is the first partner, what was given out with NULLs is taken back before; when it was the last one, that is given again after.
 *
 * The row at hand is kept, or forgotten, only after that: until then a row that is taken back is its own partner among the kept ones.
 *
 * State: per input a map from the key by which it meets those before it to its rows, by their own key or by all of their fields, with how often they are there.
 */
import type { MapState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, type RowKind } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row, rowDigest } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { JavaMapOrder } from "../java-map-order.ts";
import { keyOf, type RowKey, type StateKey } from "../key-of.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface MultiJoinInput {
  readonly width: number;
  /** How it is joined with those before it; the first one is "inner". */
  readonly type: "inner" | "left";
  /** Over the fields of the inputs before and its own; null = the first one. */
  readonly condition: Rex | null;
  /** Its fields that are equal to fields before. */
  readonly ownKeys: readonly number[];
  /** Those fields, counted through all inputs before. */
  readonly earlierKeys: readonly number[];
  /** Its rows' own key; null = all fields together. */
  readonly unique: readonly number[] | null;
  readonly ttlMs: number;
  /** Java's hash code of a row, where the order between rows shows; null = any order will do. */
  readonly hash: ((row: Row) => number) | null;
}

/** Rows with how often they are there. */
type Kept = Map<StateKey, [row: Row, times: number]>;

interface Side {
  readonly input: MultiJoinInput;
  /** Where its fields begin in the joined row. */
  readonly from: number;
  readonly rows: MapState<StateKey, Kept>;
  readonly matches: ((joined: Row) => boolean) | null;
  readonly ownKey: RowKey;
  readonly earlierKey: RowKey;
  readonly rowKey: RowKey;
  readonly order: JavaMapOrder | null;
}

const ROW_BY_FIELDS: RowKey = rowDigest;

export class MultiJoinOperator extends OneInputSqlOperator {
  private readonly inputs: readonly MultiJoinInput[];
  private readonly sides: Side[] = [];
  private joined: Row = [];
  /** Per side how many partners what stands before it has found in it. */
  private readonly partners: number[] = [];
  private row: Row = [];
  private at = 0;
  private kind: RowKind = INSERT;

  constructor(session: SessionSettings, inputs: readonly MultiJoinInput[]) {
    super(session);
    this.inputs = inputs;
  }

  override open(): void {
    let from = FIELD_OFFSET;
    this.inputs.forEach((input, i) => {
      this.sides.push({
        input,
        from,
        rows: this.mapState<StateKey, Kept>(`multi-join-input-${i}`, input.ttlMs),
        matches: input.condition === null ? null : compilePredicate(input.condition, this.evalContext),
        ownKey: keyOf(input.ownKeys),
        earlierKey: keyOf(input.earlierKeys),
        rowKey: input.unique === null ? ROW_BY_FIELDS : keyOf(input.unique),
        order: input.hash === null ? null : new JavaMapOrder(input.hash),
      });
      this.partners.push(0);
      from += input.width;
    });
    this.joined = [INSERT, ...new Array<null>(from - FIELD_OFFSET).fill(null)];
  }

  processRow(tagged: Row): void {
    this.at = tagged[FIELD_OFFSET] as number;
    this.row = tagged[tagged.length - 1] as Row;
    this.kind = kindOf(this.row);
    this.partners.fill(0);
    this.joinFrom(0, false);
    this.keep();
  }

  private get comes(): boolean {
    return isAccumulate(this.kind);
  }

  /** Goes on with the input `depth`; `decided` once the row at hand has its place. */
  private joinFrom(depth: number, decided: boolean): void {
    if (depth === this.sides.length) {
      const made = this.joined.slice();
      made[0] = this.kind;
      this.emit(made);
      return;
    }
    const left = this.sides[depth].input.type === "left";
    const found = depth === this.at && !left ? false : this.joinKept(depth, decided, left);
    if (depth === this.at) this.joinRow(depth, left, found);
    else if (left && !found) this.joinPadded(depth, decided);
  }

  /** With the rows that are kept. True when one of them is a partner. */
  private joinKept(depth: number, decided: boolean, left: boolean): boolean {
    const side = this.sides[depth];
    const kept = side.rows.get(side.earlierKey(this.joined));
    if (kept === null) return false;
    let found = false;
    for (const [row, times] of this.inOrder(kept, side.order)) {
      for (let time = 0; time < times; time++) {
        this.place(side, row);
        if (side.matches !== null && !side.matches(this.joined)) break;
        found = true;
        if (left) {
          this.partners[depth] += !decided || this.comes ? 1 : -1;
          // Of the row's own side only this much is asked: is there a partner, or another one?
          if (depth === this.at && this.partners[depth] > (this.comes ? 0 : 1)) return true;
          if (depth + 1 < this.partners.length) this.partners[depth + 1] = 0;
        }
        if (depth !== this.at) this.joinFrom(depth + 1, decided);
      }
    }
    return found;
  }

  /** With the row at hand. */
  private joinRow(depth: number, left: boolean, found: boolean): void {
    const side = this.sides[depth];
    this.place(side, this.row);
    if (side.matches !== null && !side.matches(this.joined)) return;
    if (left && this.comes && !found) {
      this.joinPaddedAs(depth, DELETE);
      this.place(side, this.row);
    }
    if (left) this.partners[depth] += this.comes ? 1 : -1;
    this.joinFrom(depth + 1, true);
    if (left && !this.comes && this.partners[depth] === 0) this.joinPaddedAs(depth, INSERT);
  }

  private joinPaddedAs(depth: number, kind: RowKind): void {
    const own = this.kind;
    this.kind = kind;
    this.joinPadded(depth, true);
    this.kind = own;
  }

  private joinPadded(depth: number, decided: boolean): void {
    const { from, input } = this.sides[depth];
    this.joined.fill(null, from, from + input.width);
    this.joinFrom(depth + 1, decided);
  }

  private place({ from, input }: Side, row: Row): void {
    for (let i = 0; i < input.width; i++) this.joined[from + i] = row[FIELD_OFFSET + i];
  }

  private inOrder(kept: Kept, order: JavaMapOrder | null): Iterable<readonly [row: Row, times: number]> {
    if (order === null || kept.size < 2) return kept.values();
    const times = new Map(kept.values());
    const rows = [...times.keys()];
    order.sort(rows, rows.length);
    return rows.map((row) => [row, times.get(row)!] as const);
  }

  private keep(): void {
    const { rows, ownKey, rowKey, input } = this.sides[this.at];
    const key = ownKey(this.row);
    const kept = rows.get(key) ?? new Map();
    const place = rowKey(this.row);
    const entry = kept.get(place);
    if (this.comes) {
      kept.set(place, [this.row, input.unique === null && entry !== undefined ? entry[1] + 1 : 1]);
    } else if (entry !== undefined) {
      if (entry[1] > 1) kept.set(place, [entry[0], entry[1] - 1]);
      else kept.delete(place);
    }
    if (kept.size === 0) rows.remove(key);
    else rows.put(key, kept);
  }
}
