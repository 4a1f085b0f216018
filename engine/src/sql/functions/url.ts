/** URLs: escaping of form fields, and their parts as Java's `URL` cuts them. */
import { STRING } from "../../types/logical-type.ts";
import { hexOf } from "./digests.ts";
import { parameters, type ScalarFunction } from "./scalar-function.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

const UNRESERVED = /^[A-Za-z0-9.\-*_]$/;

function urlEncode(text: string): string {
  let encoded = "";
  for (const char of text) {
    if (char === " ") encoded += "+";
    else if (UNRESERVED.test(char)) encoded += char;
    else encoded += hexOf(utf8Encode(char)).toUpperCase().replace(/../g, "%$&");
  }
  return encoded;
}

/** null when an escape is malformed. */
function urlDecode(text: string): string | null {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return null;
  return text
    .replace(/\+/g, " ")
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
      utf8Decode(Uint8Array.from(run.match(/[0-9a-fA-F]{2}/g)!, (pair) => Number.parseInt(pair, 16))),
    );
}

interface UrlParts {
  readonly protocol: string;
  readonly authority: string | null;
  readonly path: string;
  readonly query: string | null;
  readonly ref: string | null;
}

/** Protocols that Java has handlers for; other texts are no URL. */
const PROTOCOLS = new Set(["http", "https", "ftp", "file", "jar", "mailto"]);

function parseUrl(text: string): UrlParts | null {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text.trim());
  if (match === null || !PROTOCOLS.has(match[1].toLowerCase())) return null;
  return {
    protocol: match[1].toLowerCase(),
    authority: match[2] ?? null,
    path: match[3],
    query: match[4] ?? null,
    ref: match[5] ?? null,
  };
}

function partOf(url: UrlParts, part: string): string | null {
  switch (part) {
    case "HOST":
      return url.authority === null ? "" : url.authority.replace(/^.*@/, "").replace(/:\d*$/, "");
    case "PATH":
      return url.path;
    case "QUERY":
      return url.query;
    case "REF":
      return url.ref;
    case "PROTOCOL":
      return url.protocol;
    case "FILE":
      return url.query === null ? url.path : `${url.path}?${url.query}`;
    case "AUTHORITY":
      return url.authority;
    case "USERINFO":
      return url.authority === null || !url.authority.includes("@") ? null : url.authority.replace(/@[^@]*$/, "");
    default:
      return null;
  }
}

function queryValue(query: string | null, key: string): string | null {
  for (const pair of query === null ? [] : query.split("&")) {
    const at = pair.indexOf("=");
    if (at >= 0 && pair.slice(0, at) === key) return pair.slice(at + 1);
  }
  return null;
}

export const URL_FUNCTIONS: readonly ScalarFunction[] = [
  {
    name: "URL_ENCODE",
    parameters: parameters("string"),
    result: () => STRING,
    alwaysNullable: true,
    implement: () => urlEncode,
    description: "The text as a field of a form: blanks as +, other characters in % escapes of their UTF-8 bytes.",
    examples: [{ sql: "URL_ENCODE('a b/c')", value: "a+b%2Fc" }],
  },
  {
    name: "URL_DECODE",
    parameters: parameters("string"),
    result: () => STRING,
    alwaysNullable: true,
    implement: () => urlDecode,
    description: "The text behind a form's field; NULL when an escape is malformed.",
    examples: [{ sql: "URL_DECODE('a+b%2Fc')", value: "a b/c" }],
  },
  {
    name: "PARSE_URL",
    parameters: parameters("string", "string", "string?"),
    result: () => STRING,
    alwaysNullable: true,
    implement: () => (text: string, part: string, key?: string) => {
      const url = parseUrl(text);
      if (url === null) return null;
      if (key === undefined) return partOf(url, part);
      return part === "QUERY" ? queryValue(url.query, key) : null;
    },
    description:
      "A part of a URL (HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO), or one key of its query; NULL when there is none.",
    examples: [
      { sql: "PARSE_URL('http://a.org/p?k=v#r', 'HOST')", value: "a.org" },
      { sql: "PARSE_URL('http://a.org/p?k=v#r', 'QUERY', 'k')", value: "v" },
    ],
  },
];
