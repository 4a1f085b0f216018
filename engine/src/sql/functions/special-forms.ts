/**
 * What looks like a function in Flink's documentation but is syntax here: operators, literals, constructors, windows, rankings, patterns.
 * The parser and the binder know them; these entries are for documentation and completion, and their examples run like all others.
 */
export interface SpecialForm {
  /** As Flink's list of functions names it. */
  readonly name: string;
  readonly syntax: string;
  readonly description: string;
  /** Expressions that need no table. */
  readonly examples: readonly { readonly sql: string; readonly value: unknown }[];
}

type Row = readonly [name: string, syntax: string, description: string, ...examples: (readonly [sql: string, value: unknown])[]];

const ROWS: readonly Row[] = [
  ["IS DISTINCT FROM", "a IS DISTINCT FROM b", "True when the two differ; NULL is the same as NULL.", ["1 IS DISTINCT FROM 2", true]],
  [
    "BETWEEN",
    "a BETWEEN [SYMMETRIC] low AND high",
    "True from low to high, both included.",
    ["2 BETWEEN 1 AND 3", true],
    ["2 BETWEEN SYMMETRIC 3 AND 1", true],
  ],
  ["NOT BETWEEN", "a NOT BETWEEN low AND high", "The opposite of BETWEEN.", ["2 NOT BETWEEN 1 AND 3", false]],
  ["NOT LIKE", "a NOT LIKE pattern [ESCAPE c]", "The opposite of LIKE.", ["'abc' NOT LIKE 'b%'", true]],
  ["NOT SIMILAR TO", "a NOT SIMILAR TO pattern", "The opposite of SIMILAR TO.", ["'abc' NOT SIMILAR TO '[a-c]+'", false]],
  ["IN (list)", "a IN (b, c, …)", "True when one of the list equals a; items are cast to the type of a.", ["2 IN (1, 2)", true]],
  ["NOT IN (list)", "a NOT IN (b, c, …)", "The opposite of IN.", ["3 NOT IN (1, 2)", true]],
  [
    "TO_CHANGELOG",
    "FROM TO_CHANGELOG(input => TABLE t[, op => DESCRIPTOR(column)][, op_mapping => MAP['INSERT', 'I', …]])",
    "A table's changes as new rows, with the kind of change in a column; kinds that the mapping leaves out are left out.",
  ],
  [
    "FROM_CHANGELOG",
    "FROM FROM_CHANGELOG(input => TABLE t[, op => DESCRIPTOR(column)][, op_mapping => MAP['c, r', 'INSERT', …]])",
    "Rows with the kind of change in a column as changes of a table; the reverse of TO_CHANGELOG.",
  ],
  ["EXISTS", "EXISTS (query)", "True when the query has a row."],
  ["IN (subquery)", "a IN (query)", "True when a row of the query equals a."],
  ["NOT IN (subquery)", "a NOT IN (query)", "The opposite of IN; a NULL in the query makes it NULL."],
  ["IS NOT FALSE", "b IS NOT FALSE", "True for TRUE and NULL.", ["(1 = 2) IS NOT FALSE", false]],
  ["IS NOT TRUE", "b IS NOT TRUE", "True for FALSE and NULL.", ["(1 = 2) IS NOT TRUE", true]],
  ["IS UNKNOWN", "b IS UNKNOWN", "True for NULL.", ["(1 = 2) IS UNKNOWN", false]],
  ["IS NOT UNKNOWN", "b IS NOT UNKNOWN", "True for TRUE and FALSE.", ["(1 = 2) IS NOT UNKNOWN", true]],
  ["unary +", "+ x", "The number as it is.", ["+ 3", 3]],
  ["unary -", "- x", "The number with its sign turned; before a literal part of it.", ["- 3", -3]],
  ["%", "a % b", "The remainder, with the dividend's sign and the divisor's type.", ["7 % 4", 3]],
  ["DATE literal", "DATE 'yyyy-MM-dd'", "A day.", ["DATE '2026-03-01'", "2026-03-01"]],
  ["TIME literal", "TIME 'HH:mm:ss[.f]'", "A time of day.", ["TIME '10:20:30'", "10:20:30"]],
  [
    "TIMESTAMP literal",
    "TIMESTAMP 'yyyy-MM-dd[ HH:mm:ss[.f]]'",
    "A point in time without zone; its precision is that of the text, at most nine digits.",
    ["TIMESTAMP '2026-03-01 10:20:30.5'", "2026-03-01 10:20:30.500"],
  ],
  [
    "TIMESTAMP_LTZ literal",
    "TIMESTAMP WITH LOCAL TIME ZONE 'yyyy-MM-dd[ HH:mm:ss[.f]]'",
    "An instant, read in UTC whatever the session's zone is.",
  ],
  [
    "INTERVAL literal",
    "INTERVAL 'n' unit [TO unit]",
    "A length of time, in months or in milliseconds.",
    ["INTERVAL '1 02:03' DAY TO MINUTE", { $ms: 93780000 }],
    ["INTERVAL '1-2' YEAR TO MONTH", { $months: 14 }],
  ],
  ["FLOOR (temporal)", "FLOOR(t TO unit)", "The start of the unit that holds t.", ["FLOOR(DATE '2026-03-05' TO MONTH)", "2026-03-01"]],
  [
    "CEIL (temporal)",
    "CEIL(t TO unit)",
    "The start of the next unit, or t where it is one.",
    ["CEIL(DATE '2026-03-05' TO MONTH)", "2026-04-01"],
  ],
  [
    "CASE (simple)",
    "CASE x WHEN a [, b] THEN r … ELSE s END",
    "The result behind the first value that x equals.",
    ["CASE 2 WHEN 1, 2 THEN 'a' ELSE 'b' END", "a"],
  ],
  [
    "CASE (searched)",
    "CASE WHEN c THEN r … ELSE s END",
    "The result behind the first condition that is TRUE.",
    ["CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END", "b"],
  ],
  ["NULLIF", "NULLIF(a, b)", "NULL when both are equal, else the first.", ["NULLIF(5, 5)", null], ["NULLIF(5, 0)", 5]],
  ["array[i]", "array[i]", "The i-th element, counted from 1.", ["ARRAY['a', 'b'][2]", "b"]],
  ["map[k]", "map[k]", "The value of a key.", ["MAP['a', 1]['a']", 1]],
  ["VARIANT access", "v['key'], v[i]", "A part of a VARIANT, as a VARIANT.", [`PARSE_JSON('{"a": [1, 2]}')['a'][2]`, "2"]],
  ["DESCRIPTOR", "DESCRIPTOR(column)", "Names a column in the call of a table function."],
  ["field access", "row.field", "One field of a row or of an object.", ["CAST(ROW(1, 'a') AS ROW<x INT, y STRING>).y", "a"]],
  ["flatten", "row.*", "All fields of a row as columns."],
  ["GROUP_ID", "GROUP_ID()", "Which of equal grouping sets a row belongs to."],
  ["GROUPING", "GROUPING(column)", "1 when the column is not part of this row's grouping set, else 0."],
  ["GROUPING_ID", "GROUPING_ID(column, …)", "The bits of GROUPING of several columns."],
  ["FILTER clause", "aggregate(…) FILTER (WHERE c)", "Aggregates only the rows for which the condition is TRUE."],
  ["RANK", "RANK() OVER (…)", "Position in order, equal rows sharing one, with gaps behind them."],
  ["DENSE_RANK", "DENSE_RANK() OVER (…)", "Position in order, equal rows sharing one, without gaps."],
  ["ROW_NUMBER", "ROW_NUMBER() OVER (…)", "Number of the row in order."],
  ["LEAD", "LEAD(x [, n [, default]]) OVER (…)", "The value n rows further; in Flink for batch jobs only."],
  ["LAG", "LAG(x [, n [, default]]) OVER (…)", "The value n rows before."],
  ["CUME_DIST", "CUME_DIST() OVER (…)", "Part of the rows up to this one; in Flink for batch jobs only."],
  ["PERCENT_RANK", "PERCENT_RANK() OVER (…)", "Rank as a part of all rows; in Flink for batch jobs only."],
  ["NTILE", "NTILE(n) OVER (…)", "Number of the bucket when rows are dealt into n; in Flink for batch jobs only."],
  ["TUMBLE", "TUMBLE(TABLE t, DESCRIPTOR(ts), size [, offset])", "Windows of one size side by side."],
  ["HOP", "HOP(TABLE t, DESCRIPTOR(ts), slide, size [, offset])", "Windows of one size, one beginning at each slide."],
  ["CUMULATE", "CUMULATE(TABLE t, DESCRIPTOR(ts), step, size)", "Windows that grow by a step up to a size."],
  ["SESSION", "SESSION(TABLE t [PARTITION BY k], DESCRIPTOR(ts), gap)", "Windows that end when nothing comes for a while."],
  [
    "TUMBLE (group)",
    "GROUP BY TUMBLE(ts, size)",
    "The older form of TUMBLE, with TUMBLE_START, TUMBLE_END, TUMBLE_ROWTIME, TUMBLE_PROCTIME.",
  ],
  ["HOP (group)", "GROUP BY HOP(ts, slide, size)", "The older form of HOP, with HOP_START, HOP_END, HOP_ROWTIME, HOP_PROCTIME."],
  [
    "SESSION (group)",
    "GROUP BY SESSION(ts, gap)",
    "The older form of SESSION, with SESSION_START, SESSION_END, SESSION_ROWTIME, SESSION_PROCTIME.",
  ],
  ["FIRST", "FIRST(A.x [, n])", "In MATCH_RECOGNIZE: the value of the first row mapped to a variable."],
  ["LAST", "LAST(A.x [, n])", "In MATCH_RECOGNIZE: the value of the last row mapped to a variable."],
  ["MATCH_ROWTIME", "MATCH_ROWTIME([column])", "In MATCH_RECOGNIZE: the event time of the match, as a time attribute."],
  ["MATCH_PROCTIME", "MATCH_PROCTIME()", "In MATCH_RECOGNIZE: the processing time of the match, as a time attribute."],
  ["UNNEST", "CROSS JOIN UNNEST(array) AS u (x)", "A row for each element of an array, a map or a multiset."],
  ["LATERAL TABLE", "JOIN LATERAL TABLE(f(x)) AS u (y) ON TRUE", "Rows that a table function gives for each row."],
];

export const SPECIAL_FORMS: readonly SpecialForm[] = ROWS.map(([name, syntax, description, ...examples]) => ({
  name,
  syntax,
  description,
  examples: examples.map(([sql, value]) => ({ sql, value })),
}));
