/** Assignments of a class and what came of them: POST, PUT and DELETE …/assignments, GET …/results, …/results.csv and …/misconceptions.csv. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { AssignmentBody, ClassResults } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import { MAX_ASSIGNMENTS } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import type { Viewer } from "../services/accounts/viewer.ts";
import { classResults } from "../services/classes/class-results.ts";
import { misconceptionsCsv, resultsCsv } from "../services/classes/results-csv.ts";
import { findProblem } from "./accept-text.ts";
import { findLedClass } from "./class-view.ts";
import {
  assignment,
  assignmentBody,
  assignmentParams,
  classParams,
  classResults as resultsSchema,
  resultsQuery,
} from "./schemas/classes.ts";
import { errorAnswers } from "./schemas/error.ts";

export function assignmentRoutes({ catalog, classes, now }: Parts): FastifyPluginAsyncZod {
  const config = { access: "instructor" } as const;

  const accepted = ({ title, problemIds, dueAtMs }: AssignmentBody): AssignmentBody => {
    for (const id of problemIds) findProblem(catalog, id);
    return { title: title.trim(), problemIds, dueAtMs };
  };

  async function resultsOf(classId: string, assignmentId: string | undefined, viewer: Viewer): Promise<ClassResults> {
    const { id } = await findLedClass(classes, classId, viewer);
    const all = await classes.assignments(id);
    const assignments = assignmentId === undefined ? all : all.filter((each) => each.id === assignmentId);
    if (assignmentId !== undefined && assignments.length === 0) throw new ApiFailure("ASSIGNMENT_UNKNOWN");
    const learners = await classes.members(id);
    const problemIds = [...new Set(assignments.flatMap((each) => each.problemIds))];
    const submissions = problemIds.length === 0 ? [] : await classes.submissions(id, problemIds);
    return classResults(catalog, { learners, assignments, submissions, nowMs: now() });
  }

  return async (app) => {
    app.post(
      "/api/classes/:id/assignments",
      {
        config,
        schema: { summary: "Assigns problems.", params: classParams, body: assignmentBody, response: { 201: assignment, ...errorAnswers } },
      },
      async (request, reply) => {
        const { id } = await findLedClass(classes, request.params.id, viewerOf(request));
        const body = accepted(request.body);
        if ((await classes.assignments(id)).length >= MAX_ASSIGNMENTS)
          throw new ApiFailure("CLASS_FULL", "This class takes no more assignments.");
        return reply.code(201).send(await classes.addAssignment(id, body, now()));
      },
    );

    app.put(
      "/api/classes/:id/assignments/:assignment",
      {
        config,
        schema: {
          summary: "Changes an assignment.",
          params: assignmentParams,
          body: assignmentBody,
          response: { 200: assignment, ...errorAnswers },
        },
      },
      async (request) => {
        const { id } = await findLedClass(classes, request.params.id, viewerOf(request));
        const changed = await classes.changeAssignment(id, request.params.assignment, accepted(request.body));
        if (changed === null) throw new ApiFailure("ASSIGNMENT_UNKNOWN");
        return changed;
      },
    );

    app.delete(
      "/api/classes/:id/assignments/:assignment",
      {
        config,
        schema: {
          summary: "Removes an assignment; submissions stay.",
          params: assignmentParams,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const { id } = await findLedClass(classes, request.params.id, viewerOf(request));
        if (!(await classes.removeAssignment(id, request.params.assignment))) throw new ApiFailure("ASSIGNMENT_UNKNOWN");
        return reply.code(204).send();
      },
    );

    app.get(
      "/api/classes/:id/results",
      {
        config,
        schema: {
          summary: "How far the class is: one result per learner and problem, and misconceptions by class and problem.",
          params: classParams,
          querystring: resultsQuery,
          response: { 200: resultsSchema, ...errorAnswers },
        },
      },
      async (request) => resultsOf(request.params.id, request.query.assignment, viewerOf(request)),
    );

    app.get(
      "/api/classes/:id/results.csv",
      {
        config,
        schema: {
          summary: "The results as CSV, in which no cell is a formula.",
          params: classParams,
          querystring: resultsQuery,
          response: { 200: z.string(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const results = await resultsOf(request.params.id, request.query.assignment, viewerOf(request));
        return reply
          .type("text/csv; charset=utf-8")
          .header("content-disposition", 'attachment; filename="results.csv"')
          .send(resultsCsv(results));
      },
    );

    app.get(
      "/api/classes/:id/misconceptions.csv",
      {
        config,
        schema: {
          summary: "The misconceptions as CSV.",
          params: classParams,
          querystring: resultsQuery,
          response: { 200: z.string(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const results = await resultsOf(request.params.id, request.query.assignment, viewerOf(request));
        return reply
          .type("text/csv; charset=utf-8")
          .header("content-disposition", 'attachment; filename="misconceptions.csv"')
          .send(misconceptionsCsv(results));
      },
    );
  };
}
