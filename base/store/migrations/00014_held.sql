-- +goose Up
-- When the text about a number that an owner typed, and that was held, is tried again (micros); 0: none is held.
ALTER TABLE organisation_member ADD COLUMN
  number_next bigint NOT NULL DEFAULT 0;
UPDATE organisation_member SET number_next = 1 WHERE number_message LIKE 'held:%';
CREATE INDEX organisation_member_held ON organisation_member (number_next, organisation_id, profile_id) WHERE number_next > 0;
