-- A reply is posted while the link stands under which it was written (common/src/reply/withheld.rs).
-- What the release before writes does not outlive its link; nothing else is asked of it.

alter table whatsapp_replies add column outlives_link boolean not null default false;
comment on column whatsapp_replies.outlives_link is
    'Whether it says that the link of the message that it answers has ended: it is posted all the
     same, unless another account has linked the phone since.';

alter table whatsapp_reply_parts add column withheld text;
alter table whatsapp_reply_parts add constraint whatsapp_reply_parts_withheld_check
    check (withheld in ('link_ended', 'erased')) not valid;
comment on column whatsapp_reply_parts.withheld is
    'Why it was told to nobody: link_ended, the link under which it was written; erased, its text.
     Null where it was not withheld.';

-- Answers to those who have just unlinked their phone.
update whatsapp_replies r set outlives_link = true
from whatsapp_link_events e
where e.event = 'unlink' and e.message_sid = r.message_sid and r.kind = 'final';
