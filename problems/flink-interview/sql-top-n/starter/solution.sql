SET 'execution.checkpointing.interval' = '30 s';

-- The newest sale is at the top. Rank the products by revenue.
INSERT INTO best_sellers
SELECT category, CAST(1 AS BIGINT), product, cents
FROM sales
ON CONFLICT DO DEDUPLICATE;
