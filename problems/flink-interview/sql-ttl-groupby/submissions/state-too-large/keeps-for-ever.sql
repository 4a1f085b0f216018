SET 'execution.checkpointing.interval' = '20 min';

-- Right, but every order stays in state for ever.
INSERT INTO order_totals
SELECT order_id, COUNT(*), SUM(cents)
FROM order_lines
GROUP BY order_id;
