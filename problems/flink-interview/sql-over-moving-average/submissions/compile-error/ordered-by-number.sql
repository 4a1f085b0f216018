SET 'execution.checkpointing.interval' = '4 h';

-- A range in hours needs a time attribute.
INSERT INTO flight_trend
SELECT
  flight,
  origin,
  delay,
  COUNT(*) OVER recent,
  AVG(CAST(delay AS DOUBLE)) OVER recent,
  MAX(delay) OVER recent
FROM flights
WINDOW recent AS (PARTITION BY origin ORDER BY planned RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND CURRENT ROW);
