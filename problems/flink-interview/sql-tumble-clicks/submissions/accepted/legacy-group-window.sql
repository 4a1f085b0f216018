SET 'execution.checkpointing.interval' = '2 min';

INSERT INTO clicks_per_user
SELECT
  user_id,
  TUMBLE_START(event_time, INTERVAL '5' MINUTE) AS window_start,
  COUNT(*) AS clicks
FROM clicks
GROUP BY
  user_id,
  TUMBLE(event_time, INTERVAL '5' MINUTE);
