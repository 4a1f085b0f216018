SET 'execution.checkpointing.interval' = '20 min';
SET 'table.exec.state.ttl' = '1 h';

-- The number of the greatest line is not the number of lines.
INSERT INTO order_totals
SELECT order_id, CAST(MAX(line) AS BIGINT), SUM(cents)
FROM order_lines
GROUP BY order_id;
