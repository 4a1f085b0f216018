SET 'execution.checkpointing.interval' = '30 s';

-- The quarter, not the hour so far.
EXECUTE STATEMENT SET
BEGIN

INSERT INTO visits
SELECT user_id, window_start, window_end, COUNT(*)
FROM TABLE(SESSION(TABLE clicks PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '10' MINUTES))
GROUP BY user_id, window_start, window_end;

INSERT INTO pages_so_far
SELECT page, window_start, window_end, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '15' MINUTES))
GROUP BY page, window_start, window_end;

END;
