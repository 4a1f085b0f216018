import { z } from "zod";
import type { ApiError } from "../../contract/index.ts";

const apiError: z.ZodType<ApiError> = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  retryAfterS: z.number().optional(),
});

/** Put into every route's `response`. */
export const errorAnswers = { "4xx": apiError, "5xx": apiError };
