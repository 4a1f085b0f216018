SET 'execution.checkpointing.interval' = '4 h';

-- The figures of all airports together.
INSERT INTO flight_trend
SELECT
  flight,
  origin,
  delay,
  COUNT(*) OVER recent,
  AVG(CAST(delay AS DOUBLE)) OVER recent,
  MAX(delay) OVER recent
FROM flights
WINDOW recent AS (ORDER BY planned_at RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND CURRENT ROW);
