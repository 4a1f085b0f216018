SET 'execution.checkpointing.interval' = '5 min';

-- A group that no window closes is corrected with every click; this sink takes no corrections.
EXECUTE STATEMENT SET
BEGIN

INSERT INTO visits
SELECT user_id, CAST(MIN(event_time) AS TIMESTAMP(3)), CAST(MAX(event_time) AS TIMESTAMP(3)) + INTERVAL '10' MINUTE, COUNT(*)
FROM clicks
GROUP BY user_id;

INSERT INTO pages_so_far
SELECT page, window_start, window_end, COUNT(*)
FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '15' MINUTES, INTERVAL '1' HOUR))
GROUP BY page, window_start, window_end;

END;
