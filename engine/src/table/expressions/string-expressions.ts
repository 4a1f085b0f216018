/** Texts. Names and meanings are those of Flink (docs/dev/table/functions/systemfunctions). */
import { call } from "../../sql/1-parse/call.ts";
import type { Expression } from "./expression.ts";
import { astOf, type ExpressionLike, NOWHERE } from "./expression-base.ts";
import { ArithmeticExpressions } from "./arithmetic-expressions.ts";

export abstract class StringExpressions extends ArithmeticExpressions {
  /** This and the other text together. */
  concat(other: ExpressionLike): Expression {
    return this.apply("CONCAT", other);
  }

  /** Whether the text begins so. */
  startsWith(start: ExpressionLike): Expression {
    return this.apply("STARTSWITH", start);
  }

  /** Whether the text ends so. */
  endsWith(end: ExpressionLike): Expression {
    return this.apply("ENDSWITH", end);
  }

  /** Part of the text from a position on, counted from 1. */
  substring(begin: ExpressionLike, length?: ExpressionLike): Expression {
    return this.apply("SUBSTRING", begin, length);
  }

  /** The same as `substring`. */
  substr(begin: ExpressionLike, length?: ExpressionLike): Expression {
    return this.apply("SUBSTR", begin, length);
  }

  /** Each character of `from` replaced by the one at its place in `to`. */
  translate(from: ExpressionLike, to: ExpressionLike): Expression {
    return this.apply("TRANSLATE3", from, to);
  }

  /** Without these characters (default: spaces) at its beginning. */
  ltrim(characters?: ExpressionLike): Expression {
    return this.apply("LTRIM", characters);
  }

  /** Without these characters (default: spaces) at its end. */
  rtrim(characters?: ExpressionLike): Expression {
    return this.apply("RTRIM", characters);
  }

  /** Without these characters (default: spaces) at both ends. */
  btrim(characters?: ExpressionLike): Expression {
    return this.apply("BTRIM", characters);
  }

  /** Every occurrence of a text replaced. */
  replace(old: ExpressionLike, replacement: ExpressionLike): Expression {
    return this.apply("REPLACE", old, replacement);
  }

  /** Number of characters. */
  charLength(): Expression {
    return this.apply("CHAR_LENGTH");
  }

  /** In capitals. */
  upperCase(): Expression {
    return this.apply("UPPER");
  }

  /** In small letters. */
  lowerCase(): Expression {
    return this.apply("LOWER");
  }

  /** Each word beginning with a capital. */
  initCap(): Expression {
    return this.apply("INITCAP");
  }

  /** Filled up to a length from the left. */
  lpad(length: ExpressionLike, padding: ExpressionLike): Expression {
    return this.apply("LPAD", length, padding);
  }

  /** Filled up to a length from the right. */
  rpad(length: ExpressionLike, padding: ExpressionLike): Expression {
    return this.apply("RPAD", length, padding);
  }

  /** Part of the text from a position on (from 1) replaced by another. */
  overlay(replacement: ExpressionLike, begin: ExpressionLike, length?: ExpressionLike): Expression {
    return this.apply("OVERLAY", replacement, begin, length);
  }

  /** Whether a regular expression of Java's matches anywhere. */
  regexp(pattern: ExpressionLike): Expression {
    return this.apply("REGEXP", pattern);
  }

  /** How often a regular expression matches. */
  regexpCount(pattern: ExpressionLike): Expression {
    return this.apply("REGEXP_COUNT", pattern);
  }

  /** Every match of a regular expression replaced. */
  regexpReplace(pattern: ExpressionLike, replacement: ExpressionLike): Expression {
    return this.apply("REGEXP_REPLACE", pattern, replacement);
  }

  /** The first match of a regular expression, or one of its groups. */
  regexpExtract(pattern: ExpressionLike, group?: ExpressionLike): Expression {
    return this.apply("REGEXP_EXTRACT", pattern, group);
  }

  /** All matches of a regular expression, as an array. */
  regexpExtractAll(pattern: ExpressionLike, group?: ExpressionLike): Expression {
    return this.apply("REGEXP_EXTRACT_ALL", pattern, group);
  }

  /** Position of the first match, counted from 1; 0 = none. */
  regexpInstr(pattern: ExpressionLike): Expression {
    return this.apply("REGEXP_INSTR", pattern);
  }

  /** The first match of a regular expression. */
  regexpSubstr(pattern: ExpressionLike): Expression {
    return this.apply("REGEXP_SUBSTR", pattern);
  }

  /** As a JSON text in quotes. */
  jsonQuote(): Expression {
    return this.apply("JSON_QUOTE");
  }

  /** A JSON text in quotes without them. */
  jsonUnquote(): Expression {
    return this.apply("JSON_UNQUOTE");
  }

  /** The text that is encoded. */
  fromBase64(): Expression {
    return this.apply("FROM_BASE64");
  }

  /** Encoded in base 64. */
  toBase64(): Expression {
    return this.apply("TO_BASE64");
  }

  /** Number of the first character. */
  ascii(): Expression {
    return this.apply("ASCII");
  }

  /** The character of a number. */
  chr(): Expression {
    return this.apply("CHR");
  }

  /** Bytes as text. */
  decode(charset: ExpressionLike): Expression {
    return this.apply("DECODE", charset);
  }

  /** Text as bytes. */
  encode(charset: ExpressionLike): Expression {
    return this.apply("ENCODE", charset);
  }

  /** So many characters from the left. */
  left(length: ExpressionLike): Expression {
    return this.apply("LEFT", length);
  }

  /** So many characters from the right. */
  right(length: ExpressionLike): Expression {
    return this.apply("RIGHT", length);
  }

  /** Position of a part, counted from 1; 0 = it is not there. */
  instr(part: ExpressionLike): Expression {
    return this.apply("INSTR", part);
  }

  /** Position of this in a text, counted from 1. */
  locate(text: ExpressionLike, position?: ExpressionLike): Expression {
    return this.apply("LOCATE", text, position);
  }

  /** An encoded part of a URL decoded. */
  urlDecode(): Expression {
    return this.apply("URL_DECODE");
  }

  /** Encoded as part of a URL. */
  urlEncode(): Expression {
    return this.apply("URL_ENCODE");
  }

  /** A part of a URL, such as 'HOST' or 'QUERY'. */
  parseUrl(part: ExpressionLike, key?: ExpressionLike): Expression {
    return this.apply("PARSE_URL", part, key);
  }

  /** The text so many times. */
  repeat(times: ExpressionLike): Expression {
    return this.apply("REPEAT", times);
  }

  /** Backwards. */
  reverse(): Expression {
    return this.apply("REVERSE");
  }

  /** The part at an index (from 0) between separators. */
  splitIndex(separator: ExpressionLike, index: ExpressionLike): Expression {
    return this.apply("SPLIT_INDEX", separator, index);
  }

  /** `k1=v1,k2=v2` as a map. */
  strToMap(listDelimiter?: ExpressionLike, keyDelimiter?: ExpressionLike): Expression {
    return this.apply("STR_TO_MAP", listDelimiter, keyDelimiter);
  }

  /** The parts between delimiters, as an array. */
  split(delimiter: ExpressionLike): Expression {
    return this.apply("SPLIT", delimiter);
  }

  /** The MD5 hash in hexadecimal digits. */
  md5(): Expression {
    return this.apply("MD5");
  }

  /** The SHA-1 hash in hexadecimal digits. */
  sha1(): Expression {
    return this.apply("SHA1");
  }

  /** The SHA-224 hash in hexadecimal digits. */
  sha224(): Expression {
    return this.apply("SHA224");
  }

  /** The SHA-256 hash in hexadecimal digits. */
  sha256(): Expression {
    return this.apply("SHA256");
  }

  /** The SHA-384 hash in hexadecimal digits. */
  sha384(): Expression {
    return this.apply("SHA384");
  }

  /** The SHA-512 hash in hexadecimal digits. */
  sha512(): Expression {
    return this.apply("SHA512");
  }

  /** A SHA-2 hash of 224, 256, 384 or 512 bits in hexadecimal digits. */
  sha2(hashLength: ExpressionLike): Expression {
    return this.apply("SHA2", hashLength);
  }

  /** Whether the text is like a pattern: `%` stands for any characters, `_` for one. */
  like(pattern: ExpressionLike, escapeCharacter?: ExpressionLike): Expression {
    const last = escapeCharacter === undefined ? null : astOf(escapeCharacter);
    return this.make({
      kind: "like",
      operand: this.ast,
      pattern: astOf(pattern),
      escape: last,
      negated: false,
      similar: false,
      span: NOWHERE,
    });
  }

  /** Whether the text fits a regular expression of SQL. */
  similar(pattern: ExpressionLike): Expression {
    return this.make({
      kind: "like",
      operand: this.ast,
      pattern: astOf(pattern),
      escape: null,
      negated: false,
      similar: true,
      span: NOWHERE,
    });
  }

  /** Position of this in a text, counted from 1; 0 = it is not there. */
  position(text: ExpressionLike): Expression {
    return this.apply("POSITION", text);
  }

  /** Without a character (default: spaces) at both ends. */
  trim(character: ExpressionLike = " "): Expression {
    return this.trimmed("BOTH", character);
  }

  /** Without a character (default: spaces) at its beginning. */
  trimLeading(character: ExpressionLike = " "): Expression {
    return this.trimmed("LEADING", character);
  }

  /** Without a character (default: spaces) at its end. */
  trimTrailing(character: ExpressionLike = " "): Expression {
    return this.trimmed("TRAILING", character);
  }

  private trimmed(side: string, character: ExpressionLike): Expression {
    return this.make(call("TRIM", NOWHERE, [this.ast, astOf(character)], { options: { side } }));
  }

  /** The text with values at its `%s`, `%d` …, as Java's `String.format` has them. */
  printf(...values: readonly ExpressionLike[]): Expression {
    return this.apply("PRINTF", ...values);
  }

  /** The text at an index (this expression, from 1) of a list. */
  elt(text: ExpressionLike, ...texts: readonly ExpressionLike[]): Expression {
    return this.apply("ELT", text, ...texts);
  }
}
