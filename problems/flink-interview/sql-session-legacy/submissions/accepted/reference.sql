SET 'execution.checkpointing.interval' = '5 min';

EXECUTE STATEMENT SET
BEGIN

INSERT INTO visits
SELECT user_id, window_start, window_end, COUNT(*)
FROM TABLE(SESSION(TABLE clicks PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '10' MINUTES))
GROUP BY user_id, window_start, window_end;

INSERT INTO pages_so_far
SELECT page, window_start, window_end, COUNT(*)
FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '15' MINUTES, INTERVAL '1' HOUR))
GROUP BY page, window_start, window_end;

END;
