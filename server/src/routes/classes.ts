/**
 * Classes: GET and POST /api/classes, POST /api/classes/join, GET, PATCH and DELETE /api/classes/:id, POST and DELETE …/code,
 * DELETE …/members/:user, POST …/instructors, DELETE …/instructors/:user.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ApiFailure } from "../errors.ts";
import { MAX_CLASS_MEMBERS } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { hasRole } from "../services/accounts/viewer.ts";
import { nameKeyOf } from "../services/accounts/account-rules.ts";
import { newJoinCode, readJoinCode } from "../services/classes/join-code.ts";
import { auditRequest } from "./audit-request.ts";
import { detailOf, findClass, findLedClass, findOwnedClass, isLeader, isOwner, summaryOf } from "./class-view.ts";
import { classBody, classDetail, classList, classParams, instructorBody, joinBody, memberParams } from "./schemas/classes.ts";
import { errorAnswers } from "./schemas/error.ts";

export function classRoutes({ access, audit, classes, limits, users, now }: Parts): FastifyPluginAsyncZod {
  const learner = { access: "learner" } as const;
  const instructor = { access: "instructor" } as const;
  const detail = { 200: classDetail, ...errorAnswers };
  const params = classParams;

  return async (app) => {
    app.get(
      "/api/classes",
      { config: learner, schema: { summary: "Classes that one leads or learns in.", response: { 200: classList, ...errorAnswers } } },
      async (request) => {
        const viewer = viewerOf(request);
        const list = await classes.list(hasRole(viewer, "admin") ? null : viewer.id);
        return Promise.all(list.map((each) => summaryOf(classes, each, viewer)));
      },
    );

    app.post(
      "/api/classes",
      {
        config: instructor,
        schema: { summary: "Makes a class, which one owns.", body: classBody, response: { 201: classDetail, ...errorAnswers } },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const made = await classes.add({ name: request.body.name.trim(), ownerId: viewer.id, code: newJoinCode(), createdAtMs: now() });
        await auditRequest(audit, request, { action: "class.add", target: made.id, detail: made.name });
        return reply
          .code(201)
          .header("location", `/api/classes/${made.id}`)
          .send(await detailOf(classes, made, viewer));
      },
    );

    app.post(
      "/api/classes/join",
      { config: { ...learner, limit: "own" }, schema: { summary: "Joins a class by its code.", body: joinBody, response: detail } },
      async (request) => {
        const viewer = viewerOf(request);
        const doer = { user: viewer.id, address: request.ip };
        // Codes that are wrong count, so that none is found by trying; the right one does not.
        if (access.accounts) limits.take("join", doer);
        const member = { userId: viewer.id, joinedAtMs: now(), maxMembers: MAX_CLASS_MEMBERS };
        const joined = await classes.join(readJoinCode(request.body.code), member);
        if (joined === null) throw new ApiFailure("CLASS_CODE_UNKNOWN");
        if (access.accounts) limits.giveBack("join", doer);
        if (joined === "full") throw new ApiFailure("CLASS_FULL");
        await auditRequest(audit, request, { action: "class.join", target: joined.id });
        return detailOf(classes, joined, viewer);
      },
    );

    app.get(
      "/api/classes/:id",
      {
        config: learner,
        schema: { summary: "A class: assignments, and for those who lead it code, instructors and learners.", params, response: detail },
      },
      async (request) => {
        const viewer = viewerOf(request);
        return detailOf(classes, await findClass(classes, request.params.id, viewer), viewer);
      },
    );

    app.patch(
      "/api/classes/:id",
      { config: instructor, schema: { summary: "Renames a class.", params, body: classBody, response: detail } },
      async (request) => {
        const viewer = viewerOf(request);
        const { id } = await findLedClass(classes, request.params.id, viewer);
        await classes.rename(id, request.body.name.trim());
        return detailOf(classes, await findLedClass(classes, id, viewer), viewer);
      },
    );

    app.delete(
      "/api/classes/:id",
      {
        config: instructor,
        schema: {
          summary: "Deletes a class with its assignments. For its owner.",
          params,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const { id, name } = await findOwnedClass(classes, request.params.id, viewerOf(request));
        await classes.remove(id);
        await auditRequest(audit, request, { action: "class.remove", target: id, detail: name });
        return reply.code(204).send();
      },
    );

    app.post(
      "/api/classes/:id/code",
      { config: instructor, schema: { summary: "Another code to join by; the one before is worth nothing.", params, response: detail } },
      async (request) => {
        const viewer = viewerOf(request);
        const { id } = await findLedClass(classes, request.params.id, viewer);
        await classes.setCode(id, newJoinCode());
        return detailOf(classes, await findLedClass(classes, id, viewer), viewer);
      },
    );

    app.delete(
      "/api/classes/:id/code",
      { config: instructor, schema: { summary: "Nobody may join any more.", params, response: detail } },
      async (request) => {
        const viewer = viewerOf(request);
        const { id } = await findLedClass(classes, request.params.id, viewer);
        await classes.setCode(id, null);
        return detailOf(classes, await findLedClass(classes, id, viewer), viewer);
      },
    );

    app.post(
      "/api/classes/:id/instructors",
      {
        config: instructor,
        schema: { summary: "Lets another instructor lead the class too. For its owner.", params, body: instructorBody, response: detail },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const found = await findOwnedClass(classes, request.params.id, viewer);
        const user = await users.findByNameKey(nameKeyOf(request.body.name));
        // Whether a name is a learner's is nothing that an instructor could ask.
        if (user === null || user.role === "learner") throw new ApiFailure("INSTRUCTOR_UNKNOWN");
        if (user.id !== found.ownerId) {
          await classes.addInstructor(found.id, user.id, now());
          await auditRequest(audit, request, { action: "class.instructor", target: found.id, detail: `added ${user.id}` });
        }
        return detailOf(classes, found, viewer);
      },
    );

    app.delete(
      "/api/classes/:id/instructors/:user",
      {
        config: instructor,
        schema: {
          summary: "Takes an instructor off a class. For its owner, and for oneself.",
          params: memberParams,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const { user } = request.params;
        const found = await findLedClass(classes, request.params.id, viewer);
        // Who leads it with others may stop doing so; only the owner says who else does.
        if (user !== viewer.id && !isOwner(found, viewer)) throw new ApiFailure("CLASS_NOT_OWNED");
        if (!(await classes.removeInstructor(found.id, user))) throw new ApiFailure("USER_UNKNOWN");
        await auditRequest(audit, request, { action: "class.instructor", target: found.id, detail: `removed ${user}` });
        return reply.code(204).send();
      },
    );

    app.delete(
      "/api/classes/:id/members/:user",
      {
        config: learner,
        schema: {
          summary: "Takes a learner out of a class, or oneself.",
          params: memberParams,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const { id, user } = request.params;
        const found = await findClass(classes, id, viewer);
        // Learners may leave; only who leads the class takes others out of it.
        const may = user === viewer.id || (await isLeader(classes, found, viewer));
        if (!may || !(await classes.removeMember(id, user))) throw new ApiFailure("USER_UNKNOWN");
        await auditRequest(audit, request, { action: "class.leave", target: id, detail: user });
        return reply.code(204).send();
      },
    );
  };
}
