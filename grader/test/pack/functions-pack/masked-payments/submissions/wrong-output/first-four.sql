CREATE FUNCTION mask AS 'Mask' LANGUAGE TYPESCRIPT;

INSERT INTO masked
SELECT id, mask(card), IF(card LIKE '4%', 'Visa', 'Mastercard') FROM payments;
