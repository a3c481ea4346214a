-- The run in which the ticket claimed its person: another ticket of the person waits until it ends.
ALTER TABLE leavers ADD COLUMN claimed_by uuid;
-- The lists that its last run refused since they had lost too many people, and how many each had
-- left: an operator who runs the ticket again after that accepts these losses, and no other.
ALTER TABLE leavers ADD COLUMN told_of_losses jsonb NOT NULL DEFAULT '{}';
