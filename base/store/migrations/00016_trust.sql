-- +goose Up
-- Only browsers in which a passkey completed the log-in may be trusted.
ALTER TABLE organisation ADD COLUMN
  trust_passkey boolean NOT NULL DEFAULT false;
