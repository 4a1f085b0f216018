SET 'execution.checkpointing.interval' = '2 min';

-- Without a window the count is updated with every click, and this sink cannot take updates.
INSERT INTO clicks_per_user
SELECT user_id, CAST(NULL AS TIMESTAMP(3)), COUNT(*) AS clicks
FROM clicks
GROUP BY user_id;
