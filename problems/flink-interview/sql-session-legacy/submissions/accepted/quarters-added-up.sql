SET 'execution.checkpointing.interval' = '5 min';

-- Quarters first; their window_time is a time attribute again, so that they can be windowed once more.
CREATE TEMPORARY VIEW per_quarter AS
SELECT page, window_time AS quarter, COUNT(*) AS clicks
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '15' MINUTES))
GROUP BY page, window_start, window_end, window_time;

EXECUTE STATEMENT SET
BEGIN

INSERT INTO visits
SELECT
  user_id,
  SESSION_START(event_time, INTERVAL '10' MINUTE),
  SESSION_END(event_time, INTERVAL '10' MINUTE),
  COUNT(*)
FROM clicks
GROUP BY user_id, SESSION(event_time, INTERVAL '10' MINUTE);

INSERT INTO pages_so_far
SELECT page, window_start, window_end, SUM(clicks)
FROM TABLE(CUMULATE(TABLE per_quarter, DESCRIPTOR(quarter), INTERVAL '15' MINUTES, INTERVAL '1' HOUR))
GROUP BY page, window_start, window_end;

END;
