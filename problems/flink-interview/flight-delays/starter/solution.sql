SET 'execution.checkpointing.interval' = '4 h';

-- All airports of the day, without a ranking and without the minutes.
INSERT INTO worst_airports
SELECT window_start, CAST(1 AS BIGINT), origin, COUNT(*), CAST(0 AS BIGINT), 0
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(planned_at), INTERVAL '1' DAY))
GROUP BY window_start, window_end, origin;
