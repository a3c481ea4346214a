-- Whom the card was made for: a name that is spelt anew in a list is no other person.
ALTER TABLE leavers ADD COLUMN card_keys text[] NOT NULL DEFAULT '{}';
