SET 'execution.checkpointing.interval' = '4 h';

-- Each flight by itself. Add those of the hours before.
INSERT INTO flight_trend
SELECT flight, origin, delay, CAST(1 AS BIGINT), CAST(delay AS DOUBLE), delay
FROM flights;
