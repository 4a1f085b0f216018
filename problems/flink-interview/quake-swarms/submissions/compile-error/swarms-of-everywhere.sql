SET 'execution.checkpointing.interval' = '6 h';

-- SESSION without PARTITION BY, grouped by place: no window aggregation.
INSERT INTO swarms
SELECT place, window_start, window_end, COUNT(*), MAX(mag)
FROM TABLE(SESSION(TABLE quakes, DESCRIPTOR(shook_at), INTERVAL '3' HOURS))
GROUP BY place, window_start, window_end
HAVING COUNT(*) >= 3;
