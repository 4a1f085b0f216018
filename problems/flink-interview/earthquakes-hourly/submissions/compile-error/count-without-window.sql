SET 'execution.checkpointing.interval' = '6 h';

-- Groups by a text made of the hour: no window, so the planner cannot know when an hour is over and updates for ever.
INSERT INTO hourly
SELECT net, MIN(CAST(shook_at AS TIMESTAMP(3))), COUNT(*), MAX(mag), MAX(place)
FROM quakes
GROUP BY net, DATE_FORMAT(shook_at, 'yyyy-MM-dd HH');
