SET 'execution.checkpointing.interval' = '20 min';
SET 'table.exec.state.ttl' = '15 min';

-- Orders are quiet for longer than that, and then begin at zero again.
INSERT INTO order_totals
SELECT order_id, COUNT(*), SUM(cents)
FROM order_lines
GROUP BY order_id;
