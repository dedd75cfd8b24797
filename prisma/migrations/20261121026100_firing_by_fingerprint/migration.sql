-- Written by hand: what fires of a fingerprint, however often it fired before.
CREATE INDEX "alert_firing_fingerprint" ON "alert" ("fingerprint") WHERE "status" = 'firing';
