/** GET /api/cards, GET /api/lessons, GET /api/lessons/:id; GET and POST /api/reviews. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ApiFailure } from "../errors.ts";
import { MAX_REVIEWS_PER_USER } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { errorAnswers } from "./schemas/error.ts";
import { cardList, lessonDetail, lessonList, lessonParams, reviewList, reviewsBody } from "./schemas/study.ts";

/** A clock may be wrong by so much before what it says is refused. */
const CLOCK_TOLERANCE_MS = 24 * 3_600_000;

export function studyRoutes({ catalog, reviews, now }: Parts): FastifyPluginAsyncZod {
  const config = { access: "learner" } as const;
  return async (app) => {
    app.get(
      "/api/cards",
      { config, schema: { summary: "Cards to be remembered, by section.", response: { 200: cardList, ...errorAnswers } } },
      async () => catalog.cards,
    );

    app.get(
      "/api/lessons",
      { config, schema: { summary: "Lessons, in the order of the path.", response: { 200: lessonList, ...errorAnswers } } },
      async () => catalog.lessons,
    );

    app.get(
      "/api/lessons/:id",
      { config, schema: { summary: "A lesson.", params: lessonParams, response: { 200: lessonDetail, ...errorAnswers } } },
      async (request) => {
        const lesson = catalog.lessons.find(({ id }) => id === request.params.id);
        if (lesson === undefined) throw new ApiFailure("LESSON_UNKNOWN");
        return lesson;
      },
    );

    app.get(
      "/api/reviews",
      { config, schema: { summary: "What was remembered when.", response: { 200: reviewList, ...errorAnswers } } },
      async (request) => reviews.list(viewerOf(request).id),
    );

    app.post(
      "/api/reviews",
      {
        config,
        schema: {
          summary: "Adds to what was remembered; the same review twice is as once.",
          body: reviewsBody,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const added = request.body.reviews;
        if (added.some(({ atMs }) => atMs > now() + CLOCK_TOLERANCE_MS)) throw new ApiFailure("REVIEW_IN_FUTURE");
        if (!(await reviews.add(viewerOf(request).id, added, MAX_REVIEWS_PER_USER))) throw new ApiFailure("REVIEWS_FULL");
        return reply.code(204).send();
      },
    );
  };
}
