/** Recorded cases that do not end as in Flink yet, and what is missing. One of these that comes to agree has to leave the list. */
export const NOT_YET: Readonly<Record<string, string>> = {
  "x2-topn-retract-offset":
    "recorded on a busy machine: a change stands beside the row after the one that made it; the changes are the same",
  "x2-topn-upsert-offset": "the same",
  "x1-hop-collect": "the order in ARRAY_AGG(DISTINCT …) over merged slices is that of a Java hash map",
  "e2-agg-9": "the order in LISTAGG(DISTINCT …) over a window in two phases is that of a Java hash map",
  "x3-join-ri-agg": "rows of a join leave in the order of a Java hash map over binary rows",
  "x3-join-rr-agg": "the same",
  "x3-join-ru-agg": "the same",
  "x4-sc-ts9": "TIMESTAMP(7) to TIMESTAMP(9) keep microseconds",
  "x4-sc-tz-santiago": "zones with summer-time rules of their own are not known",
  "e2-unnest-cond3": "UNNEST with a condition that reads the row around it is refused by Flink",
};
