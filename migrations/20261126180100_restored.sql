-- What came before the database was restored may have been answered, however it comes in again.

alter table whatsapp_reconciliation add column restored_at timestamptz;
comment on column whatsapp_reconciliation.restored_at is
    'When an operator said that the database was restored from a backup: of messages that are older
     and not in the ledger, Twilio''s list is asked whether they were answered. Null for never.';
