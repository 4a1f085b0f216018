/** The queries that the bench can ask to be run, by name; in an isolate they come with the tables. */
import { runSqlJob, SQL_JOBS, type SqlJobName } from "./sql-jobs.ts";
import type { Work } from "./work.ts";

export type SqlWorkName = `sql/${SqlJobName}`;

export const SQL_WORK = Object.fromEntries(
  (Object.keys(SQL_JOBS) as SqlJobName[]).map((name): [SqlWorkName, Work] => [`sql/${name}`, ({ records }) => runSqlJob(name, records)]),
) as Readonly<Record<SqlWorkName, Work>>;
