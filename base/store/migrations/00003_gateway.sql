-- +goose Up
-- Texts on their way out. Codes and notices (lane system) hold no readable number and no text; bulk rows are plain.
-- seq is a bulk row's place in its bucket's queue (0: lane system). due is 0 for a row that is reached through seq,
-- that was claimed, or that is over; otherwise the time from which it may be claimed by itself (held, put back, system).
-- match_key is a hash of carrier and message_id while a receipt is awaited, else 0.
CREATE TABLE sms_message (
  bucket text NOT NULL,
  id text NOT NULL,
  seq bigint NOT NULL,
  due bigint NOT NULL,
  state text NOT NULL,
  lane text NOT NULL,
  attempts bigint NOT NULL,
  segments bigint NOT NULL,
  expires_at bigint NOT NULL,
  queued_at bigint NOT NULL,
  sent_at bigint NOT NULL,
  done_at bigint NOT NULL,
  match_key bigint NOT NULL,
  carrier text NOT NULL,
  carrier_id text NOT NULL,
  reason text NOT NULL,
  sender text NOT NULL,
  country text NOT NULL,
  ref text NOT NULL,
  dest text NOT NULL,
  body text NOT NULL,
  sealed_to bytea,
  sealed_body bytea,
  PRIMARY KEY (bucket, id)
);
CREATE INDEX sms_message_seq ON sms_message (bucket, seq) WHERE seq > 0;
CREATE INDEX sms_message_due ON sms_message (bucket, due) WHERE due > 0 AND lane = 'bulk';
-- Small at all times: only what waits in the system lane.
CREATE INDEX sms_message_system ON sms_message (due) WHERE due > 0 AND lane = 'system';
-- A receipt names no bucket; this index holds only what still awaits one.
CREATE INDEX sms_message_match ON sms_message (match_key) WHERE match_key <> 0;

-- The parts of concatenated messages, each with its own response and receipt. A message of one part has no rows here.
CREATE TABLE sms_part (
  bucket text NOT NULL,
  message text NOT NULL,
  part bigint NOT NULL,
  total bigint NOT NULL,
  state text NOT NULL,
  match_key bigint NOT NULL,
  carrier text NOT NULL,
  carrier_id text NOT NULL,
  reason text NOT NULL,
  sent_at bigint NOT NULL,
  done_at bigint NOT NULL,
  PRIMARY KEY (bucket, message, part)
);
CREATE INDEX sms_part_match ON sms_part (match_key) WHERE match_key <> 0;

-- One row a bucket: bulk rows up to tail are queued, those up to head were claimed. due is the earliest due row or 0.
CREATE TABLE sms_queue (
  bucket text PRIMARY KEY,
  head bigint NOT NULL,
  tail bigint NOT NULL,
  due bigint NOT NULL
);

-- What a process has taken out and not yet recorded: a range of seq (items = '') or a list of ids.
CREATE TABLE sms_claim (
  bucket text NOT NULL,
  id text NOT NULL,
  process text NOT NULL,
  lane text NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  items text NOT NULL,
  PRIMARY KEY (bucket, id)
);

-- A process that has not renewed its lease is dead, and its claims are settled by another one.
CREATE TABLE sms_process (
  process text PRIMARY KEY,
  lease_until bigint NOT NULL
);

-- Receipts that came before their response.
CREATE TABLE sms_early (
  carrier text NOT NULL,
  carrier_id text NOT NULL,
  state text NOT NULL,
  error_code text NOT NULL,
  from_number text NOT NULL,
  done_at bigint NOT NULL,
  received_at bigint NOT NULL,
  next_at bigint NOT NULL,
  PRIMARY KEY (carrier, carrier_id, state)
);
CREATE INDEX sms_early_next ON sms_early (next_at);

-- Messages from phones, complete or given up on; seq is the order of arrival.
CREATE TABLE sms_inbound (
  seq bigint PRIMARY KEY,
  carrier text NOT NULL,
  from_number text NOT NULL,
  to_number text NOT NULL,
  body text NOT NULL,
  carrier_id text NOT NULL,
  network text NOT NULL,
  country text NOT NULL,
  parts bigint NOT NULL,
  missing bigint NOT NULL,
  received_at bigint NOT NULL
);

-- Parts that wait for the others of their message.
CREATE TABLE sms_inbound_part (
  carrier text NOT NULL,
  from_number text NOT NULL,
  to_number text NOT NULL,
  ref bigint NOT NULL,
  total bigint NOT NULL,
  part bigint NOT NULL,
  body text NOT NULL,
  carrier_id text NOT NULL,
  network text NOT NULL,
  country text NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (carrier, from_number, to_number, ref, total, part)
);

-- What was stored lately, so that a repeated delivery is known; and the counter of sms_inbound.seq.
CREATE TABLE sms_inbound_seen (
  mark text PRIMARY KEY,
  seen_until bigint NOT NULL
);
CREATE TABLE sms_inbound_head (
  id bigint PRIMARY KEY,
  seq bigint NOT NULL
);

-- Mails on their way out. Address and content are sealed and wiped when the row is over.
CREATE TABLE email_message (
  bucket text NOT NULL,
  id text NOT NULL,
  due bigint NOT NULL,
  state text NOT NULL,
  kind text NOT NULL,
  ref text NOT NULL,
  process text NOT NULL,
  attempts bigint NOT NULL,
  again bigint NOT NULL,
  expires_at bigint NOT NULL,
  queued_at bigint NOT NULL,
  sent_at bigint NOT NULL,
  done_at bigint NOT NULL,
  reason text NOT NULL,
  sealed_head bytea,
  sealed_body bytea,
  PRIMARY KEY (bucket, id)
);
CREATE INDEX email_message_due ON email_message (due) WHERE due > 0;
CREATE INDEX email_message_process ON email_message (process) WHERE process <> '';
CREATE TABLE email_process (
  process text PRIMARY KEY,
  lease_until bigint NOT NULL
);
