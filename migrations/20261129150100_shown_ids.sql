-- Twilio's log does not say which business-scoped id a sender has: what was fetched from there is
-- carried out where the number has shown the id of its link lately (worker/src/route/account.rs).

alter table whatsapp_recipients add column shown_wa_user_id text;
comment on column whatsapp_recipients.shown_wa_user_id is
    'The business-scoped id that the sender has shown last, beside a phone; null for none yet.';
alter table whatsapp_recipients add column shown_at timestamptz;
comment on column whatsapp_recipients.shown_at is 'When the sender has shown that id last.';

-- A link that knows an id and stands was contradicted by no message.
update whatsapp_recipients r set shown_wa_user_id = l.wa_user_id, shown_at = r.last_inbound_at
from whatsapp_user_links l
where l.phone = r.identity and l.verified and l.suspended_at is null and l.wa_user_id is not null
    and r.last_inbound_at is not null;
