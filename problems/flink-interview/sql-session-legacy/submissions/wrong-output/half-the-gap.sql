SET 'execution.checkpointing.interval' = '5 min';

-- Five minutes of silence are still the same visit.
EXECUTE STATEMENT SET
BEGIN

INSERT INTO visits
SELECT
  user_id,
  SESSION_START(event_time, INTERVAL '5' MINUTE),
  SESSION_END(event_time, INTERVAL '5' MINUTE),
  COUNT(*)
FROM clicks
GROUP BY user_id, SESSION(event_time, INTERVAL '5' MINUTE);

INSERT INTO pages_so_far
SELECT page, window_start, window_end, COUNT(*)
FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '15' MINUTES, INTERVAL '1' HOUR))
GROUP BY page, window_start, window_end;

END;
