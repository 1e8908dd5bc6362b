-- Who guesses codes waits: five wrong ones from one sender lock it.

alter table whatsapp_recipients add column wrong_codes integer not null default 0;
alter table whatsapp_recipients add column code_locks integer not null default 0;
alter table whatsapp_recipients add column wrong_code_at timestamptz;
alter table whatsapp_recipients add column locked_until timestamptz;
comment on column whatsapp_recipients.wrong_codes is
    'Wrong linking codes in a row since the last right one or the last lock.';
comment on column whatsapp_recipients.code_locks is
    'Locks in a row: each is twice as long as the one before it.';
comment on column whatsapp_recipients.wrong_code_at is
    'The last wrong code; after a quiet day all is forgotten.';
comment on column whatsapp_recipients.locked_until is 'Until when no code is taken from it.';
