/** Some mistakes show far from the line that made them, or are something left out; this finds the place where they can be mended. */
import type { DiagnosticData } from "@millrace/engine";

/** Codes whose `found` is a text that the program holds as a literal. */
const NAMED_IN_THE_PROGRAM: ReadonlySet<string> = new Set(["KAFKA_UNKNOWN_TOPIC"]);

/** Codes of something missing from the whole program: it would stand at its end. */
const MISSING_AT_THE_END: ReadonlySet<string> = new Set(["JOB_NOT_EXECUTED", "SQL_NO_INSERT"]);

/** Gives a diagnostic without a position one, where there is no doubt which; else the diagnostic as it is. */
export function placed(diagnostic: DiagnosticData, text: string): DiagnosticData {
  if (diagnostic.span !== undefined || !MISSING_AT_THE_END.has(diagnostic.code)) return placeLiteral(diagnostic, text);
  const lines = text.trimEnd().split("\n");
  const end = lines.at(-1)!.length;
  return { ...diagnostic, span: { line: lines.length, column: 1, endLine: lines.length, endColumn: end + 1 } };
}

/** The position of the literal that holds the name which was found wanting. */
function placeLiteral(diagnostic: DiagnosticData, text: string): DiagnosticData {
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
