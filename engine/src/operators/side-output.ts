import { Diagnostic } from "../base/diagnostic.ts";
import { OutputTag } from "../flow/output.ts";

/** @throws Diagnostic OUTPUT_TAG_MISSING when something else than a tag was given. */
export function checkedTag(tag: unknown, operation = "ctx.output"): OutputTag {
  if (tag instanceof OutputTag) return tag;
  throw new Diagnostic({
    code: "OUTPUT_TAG_MISSING",
    message: `${operation} needs an OutputTag as its first argument.`,
    phase: "runtime",
    found: tag === null ? "null" : typeof tag,
    expected: 'an OutputTag, e.g. const late = new OutputTag<Click>("late")',
  });
}
