SET 'execution.checkpointing.interval' = '1 min';

-- The previous row of the card, without a pattern.
INSERT INTO alerts
SELECT card_id, previous_id, id, cents
FROM (
  SELECT
    id,
    card_id,
    cents,
    ts,
    LAG(id) OVER by_card AS previous_id,
    LAG(cents) OVER by_card AS previous_cents,
    LAG(ts) OVER by_card AS previous_ts
  FROM transactions
  WINDOW by_card AS (PARTITION BY card_id ORDER BY happened_at)
)
WHERE previous_cents < 100 AND cents > 50000 AND ts - previous_ts < 60000;
