-- What a look at Twilio's log has read so far, so that the next one goes on there; and the second
-- look, once a day, for what appears there late.
alter table whatsapp_reconciliation add column progress jsonb;
comment on column whatsapp_reconciliation.progress is
    'Looks under way: from when until when, the day and the page that are next, pages of that day
     on which something is missing. No text and no phone of a person. Null for none.';
alter table whatsapp_reconciliation add column looked_again_at timestamptz;
comment on column whatsapp_reconciliation.looked_again_at is
    'When the last days were looked through once more; null where no release has that yet did.';
