INSERT INTO latest SELECT room, 0 FROM readings GROUP BY room;
