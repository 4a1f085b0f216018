SET 'execution.checkpointing.interval' = '30 s';

-- ORDER BY … LIMIT has no place and no category.
INSERT INTO best_sellers
SELECT category, ROW_NUMBER() OVER (ORDER BY SUM(cents) DESC), product, SUM(cents)
FROM sales
GROUP BY category, product
ORDER BY category
LIMIT 3;
