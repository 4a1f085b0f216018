/** Flink SQL for Monaco: tokens, brackets, comments. What its names mean is asked of the engine (`sql-providers.ts`). */
import { languages } from "monaco-editor/editor/editor.api";
import { registerSqlLanguage } from "./sql-providers.ts";

export const FLINK_SQL = "flink-sql";

const KEYWORDS = `ADD ALL ALTER ALWAYS AND ANTI ANY ARRAY AS ASC BEGIN BETWEEN BY CASE CAST CATALOG COLUMN COMMENT CONSTRAINT CREATE CROSS
  CURRENT CURRENT_ROW DATABASE DAY DEFINE DESC DESCRIBE DISTINCT DISTRIBUTED DROP ELSE END ENFORCED EXCEPT EXECUTE EXISTS EXPLAIN FALSE
  FETCH FILTER FIRST FOLLOWING FOR FROM FULL FUNCTION GENERATED GROUP GROUPING HAVING HOUR IF IN INNER INSERT INTERSECT INTERVAL INTO IS
  JOIN KEY LAST LATERAL LEFT LIKE LIMIT MATCH_RECOGNIZE MEASURES METADATA MINUTE MONTH NATURAL NEXT NOT NULL NULLS OF OFFSET ON ONE OR
  ORDER ORDINALITY OUTER OVER OVERWRITE PARTITION PARTITIONED PAST PATTERN PER PRECEDING PRIMARY RANGE RIGHT ROLLUP ROW ROWS SECOND
  SELECT SEMI SET SETS SHOW SKIP STATEMENT SYSTEM_TIME TABLE TEMPORARY THEN TO TRUE UNBOUNDED UNION UNIQUE UNNEST UPDATE USE USING VALUES
  VIEW VIRTUAL WATERMARK WHEN WHERE WINDOW WITH WITHIN WITHOUT YEAR`.split(/\s+/);

const TYPES = `BIGINT BINARY BOOLEAN BYTES CHAR DATE DECIMAL DOUBLE FLOAT INT INTEGER MAP MULTISET NUMERIC PRECISION RAW REAL SMALLINT
  STRING TIME TIMESTAMP TIMESTAMP_LTZ TINYINT VARBINARY VARCHAR VARIANT`.split(/\s+/);

/** Windows and their properties, and the functions a streaming query meets first. */
const FUNCTIONS =
  `TUMBLE HOP CUMULATE SESSION DESCRIPTOR TUMBLE_START TUMBLE_END TUMBLE_ROWTIME TUMBLE_PROCTIME HOP_START HOP_END HOP_ROWTIME
  HOP_PROCTIME SESSION_START SESSION_END SESSION_ROWTIME SESSION_PROCTIME PROCTIME CURRENT_WATERMARK TO_TIMESTAMP TO_TIMESTAMP_LTZ
  COUNT SUM AVG MIN MAX FIRST_VALUE LAST_VALUE LISTAGG COLLECT LAG LEAD ROW_NUMBER RANK DENSE_RANK COALESCE NULLIF ABS CEIL FLOOR ROUND MOD
  UPPER LOWER TRIM SUBSTRING CHAR_LENGTH CONCAT REPLACE REGEXP_EXTRACT SPLIT_INDEX EXTRACT TIMESTAMPADD TIMESTAMPDIFF DATE_FORMAT
  CURRENT_TIMESTAMP JSON_VALUE JSON_QUERY`.split(/\s+/);

let registered = false;

export function registerFlinkSql(): void {
  if (registered) return;
  registered = true;
  languages.register({ id: FLINK_SQL, aliases: ["Flink SQL"] });
  languages.setLanguageConfiguration(FLINK_SQL, {
    comments: { lineComment: "--", blockComment: ["/*", "*/"] },
    brackets: [
      ["(", ")"],
      ["[", "]"],
    ],
    autoClosingPairs: [
      { open: "(", close: ")" },
      { open: "[", close: "]" },
      { open: "'", close: "'", notIn: ["string", "comment"] },
      { open: "`", close: "`", notIn: ["string", "comment"] },
    ],
  });
  languages.setMonarchTokensProvider(FLINK_SQL, {
    ignoreCase: true,
    keywords: KEYWORDS,
    types: TYPES,
    functions: FUNCTIONS,
    tokenizer: {
      root: [
        [/--.*$/, "comment"],
        [/\/\*\+/, { token: "keyword", next: "@hint" }],
        [/\/\*/, { token: "comment", next: "@comment" }],
        [/'/, { token: "string", next: "@string" }],
        [/`/, { token: "identifier", next: "@quoted" }],
        [/\d+(\.\d+)?(e[+-]?\d+)?/, "number"],
        [
          /[a-z_][\w$]*(?=\s*\()/,
          { cases: { "@functions": "predefined", "@types": "type", "@keywords": "keyword", "@default": "predefined" } },
        ],
        [/[a-z_][\w$]*/, { cases: { "@types": "type", "@keywords": "keyword", "@functions": "predefined", "@default": "identifier" } }],
        [/=>|<>|!=|<=|>=|\|\||[=<>+\-*/%]/, "operator"],
        [/[()[\]]/, "@brackets"],
        [/[;,.]/, "delimiter"],
      ],
      hint: [
        [/\*\//, { token: "keyword", next: "@pop" }],
        [/[^*]+|\*/, "keyword"],
      ],
      comment: [
        [/\*\//, { token: "comment", next: "@pop" }],
        [/[^*]+|\*/, "comment"],
      ],
      string: [
        [/''/, "string"],
        [/'/, { token: "string", next: "@pop" }],
        [/[^']+/, "string"],
      ],
      quoted: [
        [/`/, { token: "identifier", next: "@pop" }],
        [/[^`]+/, "identifier"],
      ],
    },
  });
  registerSqlLanguage(FLINK_SQL, [...KEYWORDS, ...TYPES]);
}
