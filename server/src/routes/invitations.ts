/** Invitations: GET and POST /api/invitations, DELETE /api/invitations/:id. Instructors invite learners and see their own invitations only. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";
import { auditRequest } from "./audit-request.ts";
import { invitationBody, invitationList, invitationParams, newInvitation } from "./schemas/account.ts";
import { errorAnswers } from "./schemas/error.ts";

/** Whose invitations somebody deals with; null = everybody's. */
function whose(viewer: Viewer): string | null {
  return hasRole(viewer, "admin") ? null : viewer.id;
}

export function invitationRoutes({ accounts, audit, users }: Parts): FastifyPluginAsyncZod {
  const config = { access: "instructor" } as const;
  return async (app) => {
    app.get(
      "/api/invitations",
      {
        config,
        schema: { summary: "Invitations one has made, of administrators all.", response: { 200: invitationList, ...errorAnswers } },
      },
      async (request) => users.invitations(whose(viewerOf(request))),
    );

    app.post(
      "/api/invitations",
      {
        config,
        schema: {
          summary: "Makes an invitation: a link for one account.",
          body: invitationBody,
          response: { 201: newInvitation, ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        if (request.body.role !== "learner" && !hasRole(viewer, "admin")) throw new ApiFailure("ROLE_REQUIRED");
        const invitation = await accounts.invite(request.body, viewer.id);
        await auditRequest(audit, request, { action: "invitation.add", target: invitation.id, detail: invitation.role });
        return reply.code(201).send(invitation);
      },
    );

    app.delete(
      "/api/invitations/:id",
      {
        config,
        schema: { summary: "Takes an invitation back.", params: invitationParams, response: { 204: z.undefined(), ...errorAnswers } },
      },
      async (request, reply) => {
        const { id } = request.params;
        if (!(await users.removeInvitation(id, whose(viewerOf(request))))) throw new ApiFailure("INVITATION_UNKNOWN");
        await auditRequest(audit, request, { action: "invitation.remove", target: id });
        return reply.code(204).send();
      },
    );
  };
}
