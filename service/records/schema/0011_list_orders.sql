-- What the operators' lists are put in order and narrowed by.
CREATE INDEX leavers_by_received ON leavers (received_at);
CREATE INDEX leavers_by_changed ON leavers (updated_at, arrival);
CREATE INDEX leavers_by_leaving ON leavers (coalesce(leaving_date, 'infinity'), arrival);
CREATE INDEX leavers_by_leaving_latest ON leavers (coalesce(leaving_date, '-infinity'), arrival);
CREATE INDEX leavers_by_reason ON leavers (reason_code, arrival) WHERE reason_code IS NOT NULL;
