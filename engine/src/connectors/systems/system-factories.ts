import { postgresFactory } from "../database/database.ts";
import type { SystemFactory } from "./outside-system.ts";

/** One line per kind of system that a world may have. */
export const SYSTEM_FACTORIES: readonly SystemFactory[] = [postgresFactory as SystemFactory];
