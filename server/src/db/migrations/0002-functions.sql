ALTER TABLE submissions ADD COLUMN functions TEXT;
