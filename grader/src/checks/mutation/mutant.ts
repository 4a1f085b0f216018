/**
 * A right answer with one mistake put in. If the problem's worlds cannot tell it from the right one, they cannot tell a learner who makes that mistake either.
 *
 * Families of mistakes are files in typescript/ and sql/: functions from a node or a token to `Change`s. A change is told apart by its name, which has to stay the same
 * as long as the line does, since submissions.yaml declares mutants that are right answers by name.
 */

/** One replacement in a text; `end` is exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A mistake, not yet made. */
export interface Change {
  /** Offset of what the mistake is about; its line is in the name. */
  readonly at: number;
  /** As it stands, e.g. `allowedLateness(30 s)`. */
  readonly was: string;
  readonly becomes: string;
  readonly edits: readonly Edit[];
}

export interface Mutant {
  /** E.g. `line 41: allowedLateness(30 s) → none`. */
  readonly name: string;
  readonly line: number;
  /** The line as the mutant has it. */
  readonly shown: string;
  readonly text: string;
  /** For scripts with a module of functions. */
  readonly functions: string | undefined;
}

/** Makes changes of a text, one mutant each; changes that leave the same text are one. `prefix` names the file where it is not the submission itself. */
export function applyChanges(text: string, changes: readonly Change[], prefix = ""): Omit<Mutant, "functions">[] {
  const mutants: Omit<Mutant, "functions">[] = [];
  const texts = new Set([text]);
  const names = new Map<string, number>();
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    const changed = applyEdits(text, change.edits);
    if (texts.has(changed)) continue;
    texts.add(changed);
    const line = lineOf(text, change.at);
    const base = `${prefix}line ${line}: ${readable(change.was)} → ${readable(change.becomes)}`;
    const number = (names.get(base) ?? 0) + 1;
    names.set(base, number);
    mutants.push({ name: number === 1 ? base : `${base} (${number})`, line, shown: shownLine(changed, change), text: changed });
  }
  return mutants;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let changed = text;
  for (const edit of [...edits].sort((a, b) => b.start - a.start))
    changed = changed.slice(0, edit.start) + edit.text + changed.slice(edit.end);
  return changed;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The mutant's line at the place of the change, seen past edits in front of it (imports). */
function shownLine(changed: string, { at, edits }: Change): string {
  const within = edits.find((edit) => edit.start < at && edit.end > at);
  const before = edits.filter((edit) => edit.end < at);
  const offset = before.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), within?.start ?? at);
  return (changed.split("\n")[lineOf(changed, offset) - 1] ?? "").trim();
}

const UNITS: Readonly<Record<string, string>> = { days: "d", hours: "h", minutes: "min", seconds: "s", millis: "ms", milliseconds: "ms" };
const MAX_NAME_PART = 60;

/** One line, durations as people write them, not too long. */
function readable(code: string): string {
  const line = code
    .replace(
      /(?:Duration\.of|Time\.)(Days|Hours|Minutes|Seconds|Millis|Milliseconds)\((\d[\d_]*)\)/gi,
      (_, unit: string, figure: string) => {
        return `${figure} ${UNITS[unit.toLowerCase()] ?? unit}`;
      },
    )
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= MAX_NAME_PART ? line : `${line.slice(0, MAX_NAME_PART - 1)}…`;
}
