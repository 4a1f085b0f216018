/** What a changelog row does to the table it describes (Flink: `RowKind`). */
export const INSERT = 0;
export const UPDATE_BEFORE = 1;
export const UPDATE_AFTER = 2;
export const DELETE = 3;

export type RowKind = 0 | 1 | 2 | 3;

const SHORT_STRINGS = ["+I", "-U", "+U", "-D"] as const;

export type RowKindString = (typeof SHORT_STRINGS)[number];

/** `+I`, `-U`, `+U` or `-D`. */
export function rowKindString(kind: RowKind): RowKindString {
  return SHORT_STRINGS[kind];
}

export function isRowKindString(value: unknown): value is RowKindString {
  return (SHORT_STRINGS as readonly unknown[]).includes(value);
}

/** The reverse of `rowKindString`. */
export function rowKindOf(text: string): RowKind {
  return SHORT_STRINGS.indexOf(text as RowKindString) as RowKind;
}

/** True for +I and +U: the row adds its values; -U and -D take them away. */
export function isAccumulate(kind: RowKind): boolean {
  return kind === INSERT || kind === UPDATE_AFTER;
}
