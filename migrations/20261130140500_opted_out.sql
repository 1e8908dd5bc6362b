-- Who has opted out at Twilio is sent nothing, and nothing is kept for later.
alter table whatsapp_reply_parts drop constraint whatsapp_reply_parts_withheld_check;
alter table whatsapp_reply_parts add constraint whatsapp_reply_parts_withheld_check
    check (withheld in ('link_ended', 'erased', 'opted_out')) not valid;
comment on column whatsapp_reply_parts.withheld is
    'Why it was told to nobody: link_ended, the link under which it was written; erased, its text;
     opted_out, its recipient wants no messages. Null where it was not withheld.';
