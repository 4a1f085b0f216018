/** Recorded cases that do not end as in Flink yet, and what is missing. One of these that comes to agree has to leave the list. */
export const NOT_YET: Readonly<Record<string, string>> = {
  "x1-hop-collect": "the order in ARRAY_AGG(DISTINCT …) over merged slices is that of a Java hash map",
  "e2-agg-9": "the order in LISTAGG(DISTINCT …) over a window in two phases is that of a Java hash map",
  "lo-rank-19": "ROW_NUMBER() up to a column is refused by Flink where the column does not stand where its planner looks for it",
  "lo-ups-07": "of a table joined with itself Flink takes each change on the left first",
  "lo-join-24": "Flink's Top-1 over a join sees the partners of a row in another order than the one that the hashes of rows give",
  "lo-two-08": "the order in ARRAY_AGG(DISTINCT …) over a window in two phases is that of a Java hash map",
  "lo-val-20": "a MAP constructor of numbers and a bare NULL is refused by Flink, though not inside a CAST",
};
