-- A guessed time zone is said once.
alter table whatsapp_recipients add column told_timezone text;
comment on column whatsapp_recipients.told_timezone is
    'The guessed time zone that the recipient was last told of; null for none.';
