/** Aggregate calls in plans: whole, the half before the exchange with its buffers, the half behind it. */
import type { AggregateCall, RelColumn } from "../../2-analyze/rel.ts";

/** Names of the accumulator's parts that travel between the halves. */
const BUFFERS: Readonly<Record<string, readonly string[]>> = {
  AVG: ["sum", "count"],
  $SUM0: ["sum"],
  FIRST_VALUE: ["value", "order"],
  LAST_VALUE: ["value", "order"],
  LISTAGG: ["accDelimiter", "concatAcc"],
};

/** The same where rows are taken back. */
const RETRACT_BUFFERS: Readonly<Record<string, readonly string[]>> = { SUM: ["sum", "count"], LISTAGG: ["listagg"] };

function buffersOf(call: AggregateCall, retract: boolean): readonly string[] {
  const { name } = call.fn;
  const known = (retract ? RETRACT_BUFFERS[name] : undefined) ?? BUFFERS[name];
  return known ?? [name === "COUNT" && call.args.length === 0 ? "count1" : name.toLowerCase()];
}

export interface CallText {
  readonly calls: readonly AggregateCall[];
  /** Fields of the calls' input. */
  readonly input: readonly RelColumn[];
  readonly retract: boolean;
}

function functionName(call: AggregateCall, retract: boolean): string {
  return retract && call.keepsExtreme !== true ? `${call.fn.name}_RETRACT` : call.fn.name;
}

function argumentText(call: AggregateCall, input: readonly RelColumn[]): string {
  if (call.args.length === 0) return "*";
  return call.args.map((arg) => input[arg].name).join(", ");
}

function filterText(call: AggregateCall, input: readonly RelColumn[]): string {
  return call.filter < 0 ? "" : ` FILTER ${input[call.filter].name}`;
}

/** `SUM(v) AS s`. */
export function wholeCalls({ calls, input, retract }: CallText, names: readonly string[]): string[] {
  return calls.map(
    (call, i) =>
      `${functionName(call, retract)}(${call.distinct ? "DISTINCT " : ""}${argumentText(call, input)})${filterText(call, input)} AS ${names[i]}`,
  );
}

interface Halves {
  /** Per call what its buffers are called, as one text. */
  readonly buffers: readonly string[];
  /** Per call the number of its distinct set, -1 = none. */
  readonly distinct: readonly number[];
  readonly distinctArguments: readonly string[];
}

/** Buffers are numbered through all calls. */
function halvesOf({ calls, input, retract }: CallText): Halves {
  let next = 0;
  const distinctArguments: string[] = [];
  const distinct: number[] = [];
  const buffers = calls.map((call) => {
    const parts = buffersOf(call, retract).map((part) => `${part}$${next++}`);
    if (call.distinct) {
      const argument = argumentText(call, input);
      const known = distinctArguments.indexOf(argument);
      distinct.push(known >= 0 ? known : distinctArguments.push(argument) - 1);
    } else {
      distinct.push(-1);
    }
    return parts.length === 1 ? parts[0] : `(${parts.join(", ")})`;
  });
  return { buffers, distinct, distinctArguments };
}

export function localCalls(text: CallText): string[] {
  const { calls, input, retract } = text;
  const { buffers, distinct, distinctArguments } = halvesOf(text);
  const parts = calls.map((call, i) => {
    const argument = distinct[i] < 0 ? argumentText(call, input) : `distinct$${distinct[i]} ${argumentText(call, input)}`;
    return `${functionName(call, retract)}(${argument})${filterText(call, input)} AS ${buffers[i]}`;
  });
  return [...parts, ...distinctArguments.map((argument, i) => `DISTINCT(${argument}) AS distinct$${i}`)];
}

/** @param shown the functions under which the parts are put together, where they are not those that made them. */
export function globalCalls(text: CallText, names: readonly string[], shown: readonly AggregateCall[] = text.calls): string[] {
  const { retract } = text;
  const { buffers, distinct } = halvesOf(text);
  return shown.map((call, i) => {
    const argument = distinct[i] < 0 || !call.distinct ? buffers[i] : `distinct$${distinct[i]} ${buffers[i]}`;
    return `${functionName(call, retract)}(${argument}) AS ${names[i]}`;
  });
}

/** Parts that go in and come out under the same names. */
export function incrementalCalls(text: CallText): string[] {
  return globalCalls(text, halvesOf(text).buffers);
}
