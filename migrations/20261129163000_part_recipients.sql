-- Whom a part is for, beside the part itself: what one person is owed is found by an index, and not
-- among what everybody is.

alter table whatsapp_reply_parts add column recipient_id uuid;
comment on column whatsapp_reply_parts.recipient_id is
    'The recipient of its reply; null where it was settled before this column was there.';

-- A release before this one does not name it, and may take up again what was settled then.
create function whatsapp_part_names_recipient() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    select r.recipient_id into new.recipient_id
        from public.whatsapp_replies r where r.id = new.reply_id;
    return new;
end
$$;
create trigger whatsapp_reply_parts_recipient before insert or update of state
    on whatsapp_reply_parts
    for each row when (new.recipient_id is null)
    execute function whatsapp_part_names_recipient();
revoke all on function whatsapp_part_names_recipient() from public, anon, authenticated;
