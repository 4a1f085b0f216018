SET 'execution.checkpointing.interval' = '6 h';

-- The place that is last in the alphabet, not that of the strongest quake.
INSERT INTO hourly
SELECT net, window_start, COUNT(*), MAX(mag), MAX(place)
FROM TABLE(TUMBLE(TABLE quakes, DESCRIPTOR(shook_at), INTERVAL '1' HOUR))
GROUP BY net, window_start, window_end;
