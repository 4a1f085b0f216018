/** What the second script brings into the isolate: SQL, and what "flink" has beside the core. Its exports are handed to guest.ts. */
import "./guest.ts";

export { sqlProgram } from "@millrace/engine/sql";
export * from "@millrace/engine/table";
