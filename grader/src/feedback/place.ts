/** Some mistakes show only when the job runs, far from the line that made them; a name that was found wanting leads back to it. */
import type { DiagnosticData } from "@millrace/engine";

/** Codes whose `found` is a text that the program holds as a literal. */
const NAMED_IN_THE_PROGRAM: ReadonlySet<string> = new Set(["KAFKA_UNKNOWN_TOPIC"]);

/** Gives a diagnostic without a position that of the literal it names, when there is no doubt which one it is. */
export function placeLiteral(diagnostic: DiagnosticData, text: string): DiagnosticData {
  const { span, found, code } = diagnostic;
  if (span !== undefined || found === undefined || found === "" || !NAMED_IN_THE_PROGRAM.has(code)) return diagnostic;
  const all = ['"', "'", "`"].flatMap((quote) => placesOf(quote + found + quote, text));
  // A source is often named after its topic: then the call that takes topics decides.
  const places = all.length === 1 ? all : all.filter((at) => /\bsetTopics?\(\s*$/.test(text.slice(0, at)));
  if (places.length !== 1) return diagnostic;
  const before = text.slice(0, places[0]).split("\n");
  const line = before.length;
  const column = before[line - 1]!.length + 1;
  return { ...diagnostic, span: { line, column, endLine: line, endColumn: column + found.length + 2 } };
}

function placesOf(part: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}
