SET 'execution.checkpointing.interval' = '2 min';

INSERT INTO clicks_per_user
SELECT user_id, window_start, COUNT(*) AS clicks
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '5' MINUTES))
GROUP BY user_id, window_start, window_end;
