-- +goose Up
-- When an operator's authenticator app or passkey last said that it is them (micros); 0: it never did in this session.
ALTER TABLE account_operator_session ADD COLUMN
  proved_at bigint NOT NULL DEFAULT 0;
