SET 'execution.checkpointing.interval' = '20 min';
SET 'table.exec.state.ttl' = '1 h';

INSERT INTO order_totals
SELECT order_id, COUNT(*), SUM(cents)
FROM order_lines
GROUP BY order_id;
