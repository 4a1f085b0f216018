SET 'execution.checkpointing.interval' = '4 h';

-- Without a frame all flights so far count.
INSERT INTO flight_trend
SELECT
  flight,
  origin,
  delay,
  COUNT(*) OVER recent,
  AVG(CAST(delay AS DOUBLE)) OVER recent,
  MAX(delay) OVER recent
FROM flights
WINDOW recent AS (PARTITION BY origin ORDER BY planned_at );
