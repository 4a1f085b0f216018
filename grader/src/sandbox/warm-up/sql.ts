/** SQL scripts of the warm-up, and the tables that they are given. Between them they use what submissions use most. */

export const SQL_GIVEN = `
CREATE TABLE clicks (\`user\` STRING, page STRING, \`at\` BIGINT, event_time AS TO_TIMESTAMP_LTZ(\`at\`, 3),
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TABLE rules (\`user\` STRING, least BIGINT, \`at\` BIGINT, rule_time AS TO_TIMESTAMP_LTZ(\`at\`, 3),
  WATERMARK FOR rule_time AS rule_time - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'rules', 'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TABLE results (\`user\` STRING, window_start TIMESTAMP(3), clicks BIGINT, page STRING
) WITH ('connector' = 'kafka', 'topic' = 'results', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'warm');
CREATE TABLE others WITH ('sink.transactional-id-prefix' = 'other') LIKE results (OVERWRITING OPTIONS);
CREATE TABLE totals (\`user\` STRING, clicks BIGINT, page STRING, PRIMARY KEY (\`user\`) NOT ENFORCED
) WITH ('connector' = 'upsert-kafka', 'topic' = 'late', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');
`;

const INTERVAL = "SET 'execution.checkpointing.interval' = '10 s';";

/** A window by a table function. */
export const TUMBLE = `${INTERVAL}
INSERT INTO results SELECT \`user\`, window_start, COUNT(*), MAX(page)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '20' SECOND))
WHERE page <> 'p9' GROUP BY \`user\`, window_start, window_end;
`;

/** Sessions, cumulating windows and an updating aggregate, side by side. */
export const WINDOWS = `${INTERVAL}
EXECUTE STATEMENT SET BEGIN
INSERT INTO results SELECT \`user\`, window_start, COUNT(*), 'session'
FROM TABLE(SESSION(TABLE clicks PARTITION BY \`user\`, DESCRIPTOR(event_time), INTERVAL '15' SECOND)) GROUP BY \`user\`, window_start, window_end;
INSERT INTO others SELECT page, window_start, SUM(\`at\`), 'cumulate'
FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '10' SECOND, INTERVAL '40' SECOND)) GROUP BY page, window_start, window_end;
INSERT INTO totals SELECT \`user\`, COUNT(*), MAX(page) FROM clicks GROUP BY \`user\`;
END;
`;

/** The best of each window; group windows of the older kind; hopping ones. */
export const RANKS = `${INTERVAL}
EXECUTE STATEMENT SET BEGIN
INSERT INTO results SELECT \`user\`, window_start, n, CAST(place AS STRING) FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC, \`user\`) AS place FROM (
    SELECT \`user\`, window_start, window_end, COUNT(*) FILTER (WHERE page <> 'p1') AS n
    FROM TABLE(HOP(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '10' SECOND, INTERVAL '20' SECOND)) GROUP BY \`user\`, window_start, window_end
  )) WHERE place <= 3;
INSERT INTO others SELECT \`user\`, CAST(TUMBLE_START(event_time, INTERVAL '30' SECOND) AS TIMESTAMP(3)), COUNT(DISTINCT page), 'legacy'
FROM clicks GROUP BY \`user\`, TUMBLE(event_time, INTERVAL '30' SECOND);
INSERT INTO totals SELECT \`user\`, least, page FROM (
  SELECT c.\`user\`, r.least, c.page, ROW_NUMBER() OVER (PARTITION BY c.\`user\` ORDER BY c.\`at\` DESC) AS place FROM clicks AS c JOIN rules AS r ON c.\`user\` = r.\`user\`
) WHERE place = 1;
END;
`;

/** Joins by time, by version and without bounds, and an aggregate over the rows before. */
export const JOINS = `${INTERVAL}
EXECUTE STATEMENT SET BEGIN
INSERT INTO results SELECT c.\`user\`, CAST(c.event_time AS TIMESTAMP(3)), r.least, c.page FROM clicks AS c
LEFT JOIN rules AS r ON c.\`user\` = r.\`user\` AND r.rule_time BETWEEN c.event_time - INTERVAL '30' SECOND AND c.event_time;
INSERT INTO others SELECT \`user\`, CAST(event_time AS TIMESTAMP(3)), SUM(\`at\`) OVER (PARTITION BY \`user\` ORDER BY event_time ROWS BETWEEN 3 PRECEDING AND CURRENT ROW), page FROM clicks;
INSERT INTO totals SELECT c.\`user\`, SUM(CASE WHEN r.least > 2 THEN 1 ELSE 0 END), MIN(UPPER(c.page)) FROM clicks AS c LEFT JOIN rules AS r ON c.\`user\` = r.\`user\` GROUP BY c.\`user\`;
END;
`;
