/** `cards.yaml` of a pack: question and answer, to be asked again and again. */
import { z } from "zod";
import { name, text } from "./common.ts";

export const cardsSchema = z.strictObject({
  format: z.literal(1),
  cards: z
    .array(
      z.strictObject({
        /** Stable: what a learner remembers of a card is kept under it. */
        id: name,
        /** Number of a section in pack.yaml. */
        section: z.number().int(),
        /** Markdown, as in statements. One question. */
        front: text,
        /** Markdown. Short enough to be compared with what one has just said. */
        back: text,
        /** The problem of the pack in which it is practised. */
        problem: name.optional(),
      }),
    )
    .min(1),
});
