SET 'execution.checkpointing.interval' = '2 min';

-- One row per click so far. Make it one row per user and five minutes.
INSERT INTO clicks_per_user
SELECT user_id, CAST(event_time AS TIMESTAMP(3)), CAST(1 AS BIGINT)
FROM clicks;
