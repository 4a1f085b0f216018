SET 'execution.checkpointing.interval' = '5 min';

EXECUTE STATEMENT SET
BEGIN

-- One row per click so far. Make it one row per visit.
INSERT INTO visits
SELECT user_id, CAST(event_time AS TIMESTAMP(3)), CAST(event_time AS TIMESTAMP(3)), CAST(1 AS BIGINT)
FROM clicks;

-- Quarters by themselves. Make it the hour so far.
INSERT INTO pages_so_far
SELECT page, window_start, window_end, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '15' MINUTES))
GROUP BY page, window_start, window_end;

END;
