/** By which columns the inputs of a join of many meet (Flink: `AttributeBasedJoinKeyExtractor`). */
import type { RelColumn } from "./rel.ts";
import { conjuncts, type Rex } from "./rex.ts";

export interface JoinedInputs<I extends { readonly columns: readonly RelColumn[] } = { readonly columns: readonly RelColumn[] }> {
  readonly inputs: readonly I[];
  /** Of input i + 1 with those before it, over the fields of all of them. */
  readonly conditions: readonly Rex[];
}

/** A column of an input. */
export interface InputField {
  readonly input: number;
  readonly field: number;
}

/** `earlier = own`, where the own one is of the input that the condition brings. */
export interface KeyPair {
  readonly earlier: InputField;
  readonly own: InputField;
}

export function fieldPlaces({ inputs }: Pick<JoinedInputs, "inputs">): readonly InputField[] {
  return inputs.flatMap(({ columns }, input) => columns.map((_, field) => ({ input, field })));
}

/** Per input behind the first one. */
export function keyPairs(joined: JoinedInputs): readonly (readonly KeyPair[])[] {
  const places = fieldPlaces(joined);
  return joined.conditions.map((condition, i) =>
    conjuncts(condition).flatMap((part): KeyPair[] => {
      if (part.kind !== "call" || part.fn.name !== "=") return [];
      const [a, b] = part.args.map((arg) => (arg.kind === "input" ? places[arg.index] : null));
      if (a === null || b === null) return [];
      if (a.input === i + 1 && b.input <= i) return [{ earlier: b, own: a }];
      return b.input === i + 1 && a.input <= i ? [{ earlier: a, own: b }] : [];
    }),
  );
}

/** Per input its columns of the key that all inputs share, in the order of the first one's; empty lists = there is none. */
export function commonKeyFields(joined: JoinedInputs): readonly (readonly number[])[] {
  const keys = commonJoinKeys(joined);
  return joined.inputs.map((_, input) => keys.map((key) => key.find((place) => place.input === input)!.field));
}

/** Columns that are equal to each other, where every input has one. */
export function commonJoinKeys(joined: JoinedInputs): readonly (readonly InputField[])[] {
  const sets: InputField[][] = [];
  const setOf = (place: InputField): InputField[] => {
    const known = sets.find((set) => set.some((each) => each.input === place.input && each.field === place.field));
    if (known !== undefined) return known;
    const made = [place];
    sets.push(made);
    return made;
  };
  for (const { earlier, own } of keyPairs(joined).flat()) {
    const [a, b] = [setOf(earlier), setOf(own)];
    if (a === b) continue;
    a.push(...b);
    sets.splice(sets.indexOf(b), 1);
  }
  const common = sets.filter((set) => joined.inputs.every((_, input) => set.some((place) => place.input === input)));
  return common.sort((a, b) => firstField(a) - firstField(b));
}

function firstField(set: readonly InputField[]): number {
  return set.find(({ input }) => input === 0)!.field;
}
