-- Whom the card was made for: a name that is spelt again in a list is no other person.
ALTER TABLE leavers ADD COLUMN card_keys text[] NOT NULL DEFAULT '{}';
