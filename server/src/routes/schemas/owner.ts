import { z } from "zod";

/** Whose list it is to be; absent = one's own. */
export const ownerQuery = z.object({ user: z.string().max(64).optional() });
