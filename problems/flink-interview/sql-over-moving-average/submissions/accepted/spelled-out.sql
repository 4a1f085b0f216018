SET 'execution.checkpointing.interval' = '4 h';

-- The window in each call, and the mean made from sum and count.
INSERT INTO flight_trend
SELECT flight, origin, delay, flights, CAST(total AS DOUBLE) / flights, worst
FROM (
  SELECT
    flight,
    origin,
    delay,
    COUNT(*) OVER (PARTITION BY origin ORDER BY planned_at RANGE BETWEEN INTERVAL '6:00' HOUR TO MINUTE PRECEDING AND CURRENT ROW) AS flights,
    SUM(delay) OVER (PARTITION BY origin ORDER BY planned_at RANGE BETWEEN INTERVAL '6:00' HOUR TO MINUTE PRECEDING AND CURRENT ROW) AS total,
    MAX(delay) OVER (PARTITION BY origin ORDER BY planned_at RANGE BETWEEN INTERVAL '6:00' HOUR TO MINUTE PRECEDING AND CURRENT ROW) AS worst
  FROM flights
);
