insert into auth.users (id, email) values
    ('00000000-0000-4000-8000-000000000001', 'demo@example.com'),
    ('00000000-0000-4000-8000-000000000002', 'other@example.com'),
    ('00000000-0000-4000-8000-000000000003', 'guest@example.com');
insert into workspaces (id, name, slug) values
    ('00000000-0000-4000-8000-00000000000a', 'Estudio Jacaranda', 'estudio-jacaranda'),
    ('00000000-0000-4000-8000-00000000000b', 'Taller Norte', 'taller-norte'),
    ('00000000-0000-4000-8000-00000000000c', 'Otra empresa', 'otra-empresa');
insert into workspace_members (workspace_id, user_id, role, timezone) values
    ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-000000000001', 'owner', 'America/Mexico_City'),
    ('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-000000000001', 'member', null),
    ('00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-000000000002', 'owner', 'America/Mexico_City'),
    ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-000000000003', 'guest', 'America/Mexico_City');
insert into foco_projects (id, workspace_id, name, slug) values
    ('00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-00000000000a', 'Sitio web', 'sitio-web'),
    ('00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000000a', 'App móvil', 'app-movil'),
    ('00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-00000000000b', 'Bodega', 'bodega'),
    ('00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-00000000000c', 'Secreto', 'secreto');
insert into work_items (workspace_id, project_id, title, status, priority) values
    ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-0000000000a1', 'Cambiar el logotipo', 'next', 'high'),
    ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-0000000000a1', 'Borrador viejo', 'done', 'low'),
    ('00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-0000000000c1', 'Plan secreto', 'next', 'urgent');
