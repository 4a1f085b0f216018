/**
 * A wrong submission is seldom more than a few words away from a right one. `<verdict>/<misconception>.edit.yaml` holds just these words:
 *
 *   of: accepted/reference.ts
 *   edits:
 *     - replace: DeliveryGuarantee.EXACTLY_ONCE
 *       with: DeliveryGuarantee.AT_LEAST_ONCE
 *
 * so that the mistake is what one reads, and a change of the right answer is a change of all that follow from it. Each text to be replaced must
 * stand in the program exactly once; edits are made in their order, each in what the one before has left.
 */
import { z } from "zod";
import type { ProblemFolder } from "./problem-folder.ts";
import { text } from "./schema/common.ts";

export const EDIT_ENDING = ".edit.yaml";

export const editedSubmissionSchema = z.strictObject({
  /** The submission that is edited, below submissions/. */
  of: text,
  edits: z.array(z.strictObject({ replace: text, with: z.string() })).min(1),
});

/** The edited program, and the file that it was made of (its ending tells the language); null after complaining. `path` is below submissions/. */
export function editedSubmission(folder: ProblemFolder, path: string): { readonly of: string; readonly text: string } | null {
  const file = `submissions/${path}`;
  const yaml = folder.yaml(file, editedSubmissionSchema);
  if (yaml?.value == null) return null;
  const { of, edits } = yaml.value;
  const original = folder.text(`submissions/${of}`, "keep");
  if (original === null) {
    folder.complain("PACK_MISSING_FILE", file, `submissions/${of} does not exist.`, yaml.locate(["of"]));
    return null;
  }
  let edited = original;
  for (const [index, { replace, with: replacement }] of edits.entries()) {
    const parts = edited.split(replace);
    if (parts.length !== 2) {
      const found = parts.length === 1 ? "nowhere" : `${parts.length - 1} times`;
      const message = `The text to be replaced stands ${found} in ${of}; it must stand there exactly once.`;
      folder.complain("PACK_BAD_EDIT", file, message, yaml.locate(["edits", index, "replace"]));
      return null;
    }
    edited = parts.join(replacement);
  }
  return { of, text: edited };
}
