-- +goose Up
-- One row an organisation that has contacts: the next numbers to be given out, and how many contacts there are. Whoever
-- changes contacts locks it first.
CREATE TABLE contact_book (
  organisation_id text PRIMARY KEY,
  next_id bigint NOT NULL,
  next_list bigint NOT NULL,
  contacts bigint NOT NULL,
  sweeping bigint NOT NULL
);

-- A contact. The key is the number, so that an import in the order of numbers appends, and each number stands once
-- (CL2). data is a JSON array: first name, last name, address, notes, further fields as name and value in turn, numbers
-- of lists, made at, changed at. One column instead of eight: a million rows go in and out in half the time.
CREATE TABLE contact ( -- clustered
  organisation_id text NOT NULL,
  number text NOT NULL,
  id bigint NOT NULL,
  data text NOT NULL,
  PRIMARY KEY (organisation_id, number)
);
CREATE UNIQUE INDEX contact_id ON contact (organisation_id, id);

-- Sorted entries "key, id" by which contacts are found: many in a row, so that an import writes a row for a hundred
-- contacts. kind says what the keys are; low is the first entry. The contact's row decides: an entry that it does not
-- bear out counts for nothing.
CREATE TABLE contact_index (
  organisation_id text NOT NULL,
  kind text NOT NULL,
  low bytea NOT NULL,
  entries bigint NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (organisation_id, kind, low)
);

CREATE TABLE contact_list (
  organisation_id text NOT NULL,
  list bigint NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  contacts bigint NOT NULL,
  created_at bigint NOT NULL,
  deleted_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, list)
);
CREATE UNIQUE INDEX contact_list_name ON contact_list (organisation_id, name_key);

-- How many contacts a session has read today, and how many it may (decisions 27).
CREATE TABLE contact_read (
  organisation_id text NOT NULL,
  session_id text NOT NULL,
  day bigint NOT NULL,
  contacts bigint NOT NULL,
  allowed bigint NOT NULL,
  PRIMARY KEY (organisation_id, session_id, day)
);
CREATE INDEX contact_read_day ON contact_read (day);

-- One file brought in. next_at is when a worker may take it (a lease while one works), 0 when nothing is to be done.
CREATE TABLE contact_import (
  organisation_id text NOT NULL,
  id text NOT NULL,
  state text NOT NULL,
  next_at bigint NOT NULL,
  process text NOT NULL,
  name text NOT NULL,
  size bigint NOT NULL,
  about text NOT NULL,
  mapping text NOT NULL,
  made_by text NOT NULL,
  made_by_name text NOT NULL,
  created_at bigint NOT NULL,
  started_at bigint NOT NULL,
  done_at bigint NOT NULL,
  parts bigint NOT NULL,
  parts_read bigint NOT NULL,
  runs bigint NOT NULL,
  batches bigint NOT NULL,
  merged_to text NOT NULL,
  batches_sorted bigint NOT NULL,
  key_runs bigint NOT NULL,
  indexed_to bytea,
  row_count bigint NOT NULL,
  verdicts text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
CREATE INDEX contact_import_next ON contact_import (next_at) WHERE next_at > 0;

-- What an import keeps while it runs and for its report: pieces of a kind, in order.
CREATE TABLE contact_import_part (
  organisation_id text NOT NULL,
  import_id text NOT NULL,
  kind text NOT NULL,
  run bigint NOT NULL,
  n bigint NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (organisation_id, import_id, kind, run, n)
);
-- Pieces live for minutes: compressing them would take longer than writing them.
-- postgres: ALTER TABLE contact_import_part ALTER COLUMN data SET STORAGE EXTERNAL;

-- One file taken out, and its receipt, which is kept when the file is gone.
CREATE TABLE contact_export (
  organisation_id text NOT NULL,
  id text NOT NULL,
  state text NOT NULL,
  next_at bigint NOT NULL,
  process text NOT NULL,
  filter text NOT NULL,
  fields text NOT NULL,
  asked_by text NOT NULL,
  asked_by_name text NOT NULL,
  factor text NOT NULL,
  address text NOT NULL,
  device text NOT NULL,
  up_to bigint NOT NULL,
  row_count bigint NOT NULL,
  size bigint NOT NULL,
  sha256 text NOT NULL,
  receipt text NOT NULL,
  created_at bigint NOT NULL,
  done_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  downloads bigint NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
CREATE INDEX contact_export_next ON contact_export (next_at) WHERE next_at > 0;
CREATE TABLE contact_export_part (
  organisation_id text NOT NULL,
  export_id text NOT NULL,
  n bigint NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (organisation_id, export_id, n)
);
-- postgres: ALTER TABLE contact_export_part ALTER COLUMN data SET STORAGE EXTERNAL;

-- Who said STOP to an organisation: a keyed hash of the number, kept when the contact is gone (CL10).
CREATE TABLE optout (
  organisation_id text NOT NULL,
  hash text NOT NULL,
  source text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (organisation_id, hash)
);
