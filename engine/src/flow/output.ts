import { Diagnostic } from "../base/diagnostic.ts";
import type { StreamRecord } from "./stream-record.ts";

/** What the flow of records needs to know of a type description (`Types.…`). */
export interface DescribedType<T> {
  readonly typeName: string;
  /** Only carries the type for inference; never set. */
  readonly describedType?: T;
}

/** What a tag carries that does not say it. Everything fits into it, as into `unknown`, but the compiler tells the two apart. */
type Untyped = NonNullable<unknown> | null | undefined;
type Same<A, B> = (<G>() => G extends A ? 1 : 2) extends <G>() => G extends B ? 1 : 2 ? true : false;

/**
 * The type of an id whose tag says what it carries. Flink refuses a tag that does not (`new OutputTag<>("late")` without a type, or with a
 * type variable that stands for nothing yet) when it is made; here the compiler does, and shows this text.
 */
type IdOfTyped<T> = Untyped extends T
  ? Same<T, Untyped> extends true
    ? 'The tag needs its type: new OutputTag<Click>("late")'
    : string
  : string;

/**
 * Names a side output and says what is in it: `new OutputTag<Click>("late")`. Two tags with the same id are the same output.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/side_output/)
 */
export class OutputTag<T = Untyped> {
  /** What the output is known by; equal ids are one output. */
  readonly id: string;
  /** Where it was given. @internal */
  readonly typeInfo: DescribedType<unknown> | undefined;
  /** Only carries the element type for inference; never set. */
  declare readonly elementType?: T;

  /**
   * The second form is Flink's for types that the compiler cannot know, such as a type variable's.
   *
   * @throws Diagnostic OUTPUT_TAG_ID for an id that is no text or an empty one.
   */
  constructor(id: IdOfTyped<T>);
  constructor(id: string, typeInfo: DescribedType<T>);
  constructor(id: string, typeInfo?: DescribedType<T>) {
    if (typeof id !== "string" || id.length === 0) {
      throw new Diagnostic({
        code: "OUTPUT_TAG_ID",
        phase: "graph",
        message: typeof id === "string" ? "OutputTag id must not be empty." : "OutputTag id cannot be null.",
        found: typeof id === "string" ? '""' : String(id),
        expected: 'new OutputTag<Click>("late")',
        hint: "The id tells the side outputs of an operator apart.",
      });
    }
    this.id = id;
    this.typeInfo = typeInfo;
  }
}

/**
 * Where an operator sends what it produces. The runtime puts either the next operator of the chain or a channel writer behind it.
 * Calls are synchronous; the record handed to `collect` may be reused by the caller afterwards.
 */
export interface Output {
  collect(record: StreamRecord): void;
  collectSide(tag: OutputTag, record: StreamRecord): void;
  emitWatermark(timestampMs: number): void;
  /** Marks the stream idle (`true`) or active again (Flink: `WatermarkStatus`). */
  emitWatermarkStatus(idle: boolean): void;
}
