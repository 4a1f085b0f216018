INSERT INTO counts
SELEKT `user`, 1;
