INSERT INTO warm SELECT id, celsius FROM readings;
