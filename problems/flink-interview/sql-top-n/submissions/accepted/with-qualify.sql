SET 'execution.checkpointing.interval' = '30 s';

CREATE TEMPORARY VIEW product_revenue AS
SELECT category, product, SUM(cents) AS revenue
FROM sales
GROUP BY category, product;

INSERT INTO best_sellers
SELECT category, ROW_NUMBER() OVER (PARTITION BY category ORDER BY revenue DESC, product ASC) AS place, product, revenue
FROM product_revenue
QUALIFY ROW_NUMBER() OVER (PARTITION BY category ORDER BY revenue DESC, product ASC) <= 3;
