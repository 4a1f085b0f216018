/**
 * The classes that a program has, by name: what its class path is in Flink. State remembers the classes it is made of, and a program that no longer has one
 * is refused by that.
 *
 * A class that the program declares, imports or names in an enum's type stands in its text, so every word of the text counts as one: state of a
 * class that has been renamed finds its name nowhere, and no class that is there is ever missed. What the engine and JavaScript bring is there too.
 */
const WORDS = /[A-Za-z_$][\w$]*/g;

/** Tells whether the program has a class of this name. */
export interface ClassPath {
  has(name: string): boolean;
}

/**
 * @param scripts the program's modules as JavaScript, without comments.
 * @param brought names that are there without being named.
 */
export function classPathOf(scripts: readonly string[], brought: readonly object[]): ClassPath {
  const words = new Set(scripts.flatMap((script) => script.match(WORDS) ?? []));
  // `Types.ENUM` without a name.
  words.add("Enum");
  // Names that are no such word, of an enum say, or with letters that the compiler escapes, would not be found.
  return { has: (name) => words.has(name) || brought.some((names) => name in names) || !isWord(name) };
}

function isWord(name: string): boolean {
  return name.match(WORDS)?.[0] === name;
}
