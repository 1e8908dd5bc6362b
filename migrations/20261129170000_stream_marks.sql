-- How far NATS's streams have come, kept outside of NATS: a server that comes back from an older disk
-- has the same streams with less in them, and gives the same places to other messages.

create table whatsapp_stream_marks (
    stream text primary key,
    created timestamptz not null,
    last_sequence bigint not null check (last_sequence >= 0),
    went_back_at timestamptz
);
comment on table whatsapp_stream_marks is
    'The highest sequence that was seen of each stream of NATS. One row per stream.';
comment on column whatsapp_stream_marks.stream is 'Its name.';
comment on column whatsapp_stream_marks.created is
    'When it was created: one that was made anew counts anew.';
comment on column whatsapp_stream_marks.last_sequence is 'The highest sequence that it was seen with.';
comment on column whatsapp_stream_marks.went_back_at is
    'When it was seen with less than that; null where it was not, and since focobot restored.';

alter table whatsapp_stream_marks enable row level security;
revoke all on whatsapp_stream_marks from public, anon, authenticated;
