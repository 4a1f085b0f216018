SET 'execution.checkpointing.interval' = '10 min';

-- AVG of an INT is an INT.
INSERT INTO flight_trend
SELECT
  flight,
  origin,
  delay,
  COUNT(*) OVER recent,
  CAST(AVG(delay) OVER recent AS DOUBLE),
  MAX(delay) OVER recent
FROM flights
WINDOW recent AS (PARTITION BY origin ORDER BY planned_at RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND CURRENT ROW);
