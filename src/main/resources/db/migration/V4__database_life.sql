-- One row: which life of the database this is. A backup that is restored begins another: sequence
-- numbers are then given out a second time, so clients must drop what they hold (the epoch tells
-- them), and transaction ids start anew, so positions of the feed must be raised (the base).

CREATE TABLE database_life (
  only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
  -- e_ and 32 hex digits, random. Told to every client.
  epoch TEXT NOT NULL,
  -- What the default of event_journal.feed_position adds to the transaction's id; kept here as
  -- well, because the feed's watermark adds the same.
  feed_base BIGINT NOT NULL,
  -- The server that the rows were written on (initdb gives each one its own). Another one means
  -- that a dump was restored, and that nobody has said so yet.
  system_identifier BIGINT NOT NULL,
  since TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
);

INSERT INTO database_life (epoch, feed_base, system_identifier)
SELECT 'e_' || replace(gen_random_uuid()::TEXT, '-', ''), 0, system_identifier
FROM pg_control_system();
