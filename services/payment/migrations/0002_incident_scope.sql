-- What a simulated incident hits: one replica, one route, one way to pay; all of them where nothing is named.
ALTER TABLE incidents ADD COLUMN scope jsonb NOT NULL DEFAULT '{}'::jsonb;
