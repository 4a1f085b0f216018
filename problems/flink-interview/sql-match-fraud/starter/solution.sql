SET 'execution.checkpointing.interval' = '1 min';

-- Every large payment. Only those right after a small one are suspicious.
INSERT INTO alerts
SELECT card_id, CAST(NULL AS STRING), id, cents
FROM transactions
WHERE cents > 50000;
