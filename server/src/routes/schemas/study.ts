import { z } from "zod";
import type { LessonDetail, LessonFigure, LessonSummary, Review, ReviewsBody, StudyCard } from "../../contract/index.ts";
import { MAX_REVIEWS_AT_ONCE } from "../../limits.ts";

export const cardList: z.ZodType<readonly StudyCard[]> = z.array(
  z.object({
    id: z.string(),
    section: z.number(),
    frontHtml: z.string(),
    backHtml: z.string(),
    problemId: z.string().nullable(),
  }),
);

const lessonFields = { id: z.string(), title: z.string(), section: z.number(), minutes: z.number() };

export const lessonList: z.ZodType<readonly LessonSummary[]> = z.array(z.object(lessonFields));

export const lessonDetail: z.ZodType<LessonDetail> = z.object({
  ...lessonFields,
  parts: z.array(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("text"), html: z.string() }),
      z.object({
        kind: z.literal("figure"),
        title: z.string(),
        problemId: z.string(),
        sql: z.string(),
        key: z.string().nullable(),
        // A sample world, made by the pack's loader: all of it is public.
        world: z.custom<LessonFigure["world"]>(),
      }),
    ]),
  ),
});

export const lessonParams = z.object({ id: z.string() });

const grade = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export const reviewList: z.ZodType<readonly Review[]> = z.array(z.object({ item: z.string(), atMs: z.number(), grade }));

export const reviewsBody = z.strictObject({
  reviews: z
    .array(
      z.strictObject({
        item: z
          .string()
          .regex(/^(card|problem|lesson):[A-Za-z0-9_][A-Za-z0-9_.~-]*$/, "must be card:, problem: or lesson: and an id")
          .max(160),
        atMs: z.number().int().min(0),
        grade,
      }),
    )
    .max(MAX_REVIEWS_AT_ONCE),
}) satisfies z.ZodType<ReviewsBody>;
