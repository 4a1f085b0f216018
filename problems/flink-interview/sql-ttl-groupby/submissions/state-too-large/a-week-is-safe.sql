SET 'execution.checkpointing.interval' = '20 min';
SET 'table.exec.state.ttl' = '7 d';

-- Much longer than any order can be quiet.
INSERT INTO order_totals
SELECT order_id, COUNT(*), SUM(cents)
FROM order_lines
GROUP BY order_id;
