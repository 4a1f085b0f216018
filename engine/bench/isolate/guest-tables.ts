/** What the second script brings into the isolate: the queries. */
import "./guest.ts";

export { SQL_WORK } from "../sql-work.ts";
export { wordQuery } from "../word-query.ts";
