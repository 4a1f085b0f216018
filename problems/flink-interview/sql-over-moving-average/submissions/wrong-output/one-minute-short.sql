SET 'execution.checkpointing.interval' = '4 h';

-- Six hours include the flight planned exactly six hours before.
INSERT INTO flight_trend
SELECT
  flight,
  origin,
  delay,
  COUNT(*) OVER recent,
  AVG(CAST(delay AS DOUBLE)) OVER recent,
  MAX(delay) OVER recent
FROM flights
WINDOW recent AS (PARTITION BY origin ORDER BY planned_at RANGE BETWEEN INTERVAL '5:59' HOUR TO MINUTE PRECEDING AND CURRENT ROW);
