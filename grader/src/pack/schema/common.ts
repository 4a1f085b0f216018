/**
 * What the schemas of the pack format share.
 *
 * All objects are strict: an unknown key is an error (yaml-file.ts names the nearest known one). Before a file is parsed, `{{name}}`
 * is replaced by the constant of that name from `problem.yaml` (see constants.ts), so numbers cannot drift apart.
 *
 * Times (`time` below) are an ISO instant ("2026-01-05T10:00:00Z"), a time of day on the day of `start` in UTC ("10:00:00",
 * "10:00:00.250"), an offset from `start` ("+5s", "+1h30m", "+250ms") or epoch milliseconds (a number).
 * Inside record values strings stay strings; `{ $time: "10:00:05" }` becomes epoch milliseconds.
 */
import { z } from "zod";

export const name = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, "letters, digits, '_', '-' and '.' only");
export const text = z.string().min(1);

/** A point in virtual time; see the head of this file. */
export const time = z.union([z.string().min(1), z.number().int()]);

/** What an answer may be written in: `datastream` TypeScript, `sql` a script; the others are YAML, a form filled in. */
export const language = z.enum(["datastream", "sql", "trace", "decide", "config"]);
