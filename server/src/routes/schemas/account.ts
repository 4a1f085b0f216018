import { z } from "zod";
import type {
  Invitation,
  InvitationBody,
  LoginBody,
  NewInvitation,
  NewUserAnswer,
  NewUserBody,
  PasswordChangeBody,
  PasswordLink,
  PasswordLinkBody,
  RegistrationBody,
  SessionInfo,
  UserChangeBody,
  UserDetail,
  UserPage,
} from "../../contract/index.ts";

export const role = z.enum(["learner", "instructor", "admin"]);

/** Longer ones are refused by form, before anything is computed from them. */
const name = z.string().max(256);
const password = z.string().max(1024);
const token = z.string().max(256);

const sessionUser = z.object({ id: z.string(), name: z.string(), role });

export const sessionInfo: z.ZodType<SessionInfo> = z.object({
  mode: z.enum(["single", "accounts"]),
  registration: z.enum(["open", "closed"]),
  user: sessionUser.nullable(),
  csrfToken: z.string().nullable(),
});

export const loginBody = z.strictObject({ name, password }) satisfies z.ZodType<LoginBody>;

export const registrationBody = z.strictObject({ name, password, invitation: token.optional() }) satisfies z.ZodType<RegistrationBody>;

export const passwordLinkBody = z.strictObject({ token, password }) satisfies z.ZodType<PasswordLinkBody>;

export const passwordChangeBody = z.strictObject({ current: password, next: password }) satisfies z.ZodType<PasswordChangeBody>;

const user = sessionUser.extend({
  isActive: z.boolean(),
  hasPassword: z.boolean(),
  createdAtMs: z.number(),
  lastLoginAtMs: z.number().nullable(),
});

export const userDetail: z.ZodType<UserDetail> = user;

export const userPage: z.ZodType<UserPage> = z.object({ users: z.array(user), next: z.string().nullable() });

export const userPageQuery = z.strictObject({ after: name.optional(), limit: z.coerce.number().int().min(1).max(200).default(100) });

export const userParams = z.object({ id: z.string() });

export const newUserBody = z.strictObject({ name, role, password: password.optional() }) satisfies z.ZodType<NewUserBody>;

export const userChangeBody = z
  .strictObject({ role: role.optional(), isActive: z.boolean().optional() })
  .refine(
    ({ role, isActive }) => role !== undefined || isActive !== undefined,
    "must name a role or isActive",
  ) satisfies z.ZodType<UserChangeBody>;

const link = z.object({ token: z.string(), path: z.string(), expiresAtMs: z.number() });

export const passwordLink: z.ZodType<PasswordLink> = link;

export const newUserAnswer: z.ZodType<NewUserAnswer> = z.object({ user, passwordLink: link.nullable() });

export const invitationBody = z.strictObject({ role }) satisfies z.ZodType<InvitationBody>;

const invitation = z.object({
  id: z.string(),
  role,
  createdBy: z.string(),
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
  usedBy: z.string().nullable(),
});

export const invitationList: z.ZodType<readonly Invitation[]> = z.array(invitation);

export const newInvitation: z.ZodType<NewInvitation> = invitation.extend({ code: z.string(), path: z.string() });

export const invitationParams = z.object({ id: z.string() });
