SET 'execution.checkpointing.interval' = '2 min';

-- "Every minute" was not asked: each click is counted in five windows.
INSERT INTO clicks_per_user
SELECT user_id, window_start, COUNT(*) AS clicks
FROM TABLE(HOP(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTES, INTERVAL '5' MINUTES))
GROUP BY user_id, window_start, window_end;
