CREATE FUNCTION mask AS 'Mask';

INSERT INTO masked SELECT id, mask(card), '' FROM payments;
