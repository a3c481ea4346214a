-- The person that the card was made for: a name that is now spelt differently in a list is still the same person.
ALTER TABLE leavers ADD COLUMN card_keys text[] NOT NULL DEFAULT '{}';
