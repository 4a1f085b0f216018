SET 'execution.checkpointing.interval' = '20 min';
SET 'table.exec.state.ttl' = '3600 s';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '20 s';
SET 'table.exec.mini-batch.size' = '100';

-- Fewer intermediate totals: lines of twenty seconds are added up before the state is touched.
INSERT INTO order_totals
SELECT order_id, COUNT(*), SUM(cents)
FROM order_lines
GROUP BY order_id;
