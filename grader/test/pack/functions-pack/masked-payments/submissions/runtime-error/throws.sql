CREATE FUNCTION mask AS 'Mask' LANGUAGE TYPESCRIPT;

INSERT INTO masked SELECT id, mask(card), '' FROM payments;
