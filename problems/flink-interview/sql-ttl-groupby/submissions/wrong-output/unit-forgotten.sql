SET 'execution.checkpointing.interval' = '20 min';
SET 'table.exec.state.ttl' = '3600';

-- A number without a unit is milliseconds.
INSERT INTO order_totals
SELECT order_id, COUNT(*), SUM(cents)
FROM order_lines
GROUP BY order_id;
