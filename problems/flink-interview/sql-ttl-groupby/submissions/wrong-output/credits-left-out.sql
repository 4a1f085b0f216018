SET 'execution.checkpointing.interval' = '20 min';
SET 'table.exec.state.ttl' = '1 h';

-- Corrections are lines as well.
INSERT INTO order_totals
SELECT order_id, COUNT(*), SUM(cents)
FROM order_lines
WHERE cents > 0
GROUP BY order_id;
