SET 'execution.checkpointing.interval' = '4 h';

CREATE TEMPORARY VIEW days AS
SELECT *
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(planned_at), INTERVAL '1' DAY));

CREATE TEMPORARY VIEW airports AS
SELECT
  window_start,
  window_end,
  origin,
  COUNT(flight) AS flights,
  SUM(CASE WHEN delay > 15 THEN 1 ELSE 0 END) AS late,
  SUM(GREATEST(delay, 0)) AS minutes
FROM days
GROUP BY window_start, window_end, origin;

INSERT INTO worst_airports
SELECT window_start, place, origin, flights, CAST(late AS BIGINT), minutes
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY minutes DESC, origin ASC) AS place
  FROM airports
)
WHERE place BETWEEN 1 AND 3;
