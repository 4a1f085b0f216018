INSERT INTO warm SELECT id, celsius FROM readings WHERE celsius >= 20;
