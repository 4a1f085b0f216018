SET 'execution.checkpointing.interval' = '2 min';

EXECUTE STATEMENT SET
BEGIN

-- Every shipment as if nobody had tried. Add the reports, and the shipments that only they know.
INSERT INTO tracking
SELECT shipment_id, depot, CAST(0 AS BIGINT), FALSE
FROM shipments;

INSERT INTO depots
SELECT depot, COUNT(*), CAST(0 AS BIGINT), CAST(0 AS BIGINT)
FROM shipments
GROUP BY depot;

INSERT INTO waiting
SELECT shipment_id, depot
FROM shipments;

END;
