/** Hints: what stands between slash-star-plus and star-slash, behind SELECT and behind a table. */
import type { Hint, HintArgument } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { acceptUnsignedNumber, isStringToken, parseStringLiteral } from "./literal.ts";

export function parseHints(cursor: Cursor): Hint[] {
  if (!cursor.accept("/*+")) return [];
  const hints: Hint[] = [];
  do hints.push(parseHint(cursor));
  while (cursor.accept(","));
  cursor.expect("*/", "to close the hints");
  return hints;
}

function parseHint(cursor: Cursor): Hint {
  const name = cursor.identifier("the name of a hint");
  const args: HintArgument[] = [];
  if (cursor.accept("(") && !cursor.accept(")")) {
    do args.push(parseHintArgument(cursor, args[0]));
    while (cursor.accept(","));
    cursor.expect(")", "to close the hint");
  }
  return { name, args, span: cursor.spanFrom(name.span) };
}

/** One argument; all arguments of a hint have the form of its first. */
function parseHintArgument(cursor: Cursor, first: HintArgument | undefined): HintArgument {
  const start = cursor.token;
  const argument = parseAnyArgument(cursor);
  const pair = argument.key !== null;
  if (first === undefined) return argument;
  if (pair !== (first.key !== null) || (argument.form === "name") !== (first.form === "name")) {
    throw cursor.refusal("All arguments of a hint have one form: 'key' = 'value', names, or values.", cursor.spanFrom(start));
  }
  return argument;
}

function parseAnyArgument(cursor: Cursor): HintArgument {
  const start = cursor.token;
  if (start.identifier) {
    const { name } = cursor.identifier();
    if (cursor.accept("=")) return { key: name, value: parseStringLiteral(cursor).text, form: "string", span: cursor.spanFrom(start) };
    return { key: null, value: name, form: "name", span: cursor.spanFrom(start) };
  }
  if (isStringToken(start)) {
    const { text } = parseStringLiteral(cursor);
    if (cursor.accept("=")) return { key: text, value: parseStringLiteral(cursor).text, form: "string", span: cursor.spanFrom(start) };
    return { key: null, value: text, form: "string", span: cursor.spanFrom(start) };
  }
  const sign = cursor.acceptOneOf(["-", "+"]);
  const number = acceptUnsignedNumber(cursor);
  if (number === null) throw cursor.unexpected("an argument of the hint");
  return { key: null, value: sign === "-" ? `-${number.text}` : number.text, form: "number", span: cursor.spanFrom(start) };
}
