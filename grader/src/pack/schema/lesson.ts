/** `lessons/NN-name.md` of a pack: the head between two lines of `---`, and the fences ```run in its text. */
import { z } from "zod";
import { name, text } from "./common.ts";

export const lessonSchema = z.strictObject({
  title: text,
  /** Number of a section in pack.yaml. */
  section: z.number().int(),
  /** To read it, with its figures. */
  minutes: z.number().int().positive(),
});

/** A figure that runs in the reader's browser: a script in a sample world. */
export const figureSchema = z.strictObject({
  /** One sentence: what to look for. */
  title: text,
  /** A problem of the pack … */
  problem: name,
  /** … and one of its scenarios, by the file's name without ending: a sample with explicit records. */
  world: name,
  /** The whole script, its tables included. It writes to `print` or `blackhole`. */
  sql: text,
  /** The key whose windows are shown; absent = all. */
  key: text.optional(),
});
