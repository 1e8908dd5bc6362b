-- Those that are still to be done with, or to be told of. In a transaction of its own: the table is
-- open to everybody meanwhile.
update whatsapp_reply_parts p set recipient_id = r.recipient_id
from whatsapp_replies r
where r.id = p.reply_id and p.recipient_id is null
    and (p.state in ('pending', 'posting', 'unknown', 'held') or (p.state = 'failed' and not p.told));
