SET 'execution.checkpointing.interval' = '20 min';

-- The same for this aggregation alone; other queries of the job keep theirs.
INSERT INTO order_totals
SELECT /*+ STATE_TTL('order_lines' = '1h') */ order_id, COUNT(*), SUM(cents)
FROM order_lines
GROUP BY order_id;
