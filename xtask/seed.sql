-- A demo user with two workspaces and some projects, and a second user who must never see them.
-- Run at each start of `cargo xtask dev`; changes nothing that is there.
BEGIN;

INSERT INTO auth.users (id, email) VALUES
    ('00000000-0000-4000-8000-000000000001', 'demo@example.com'),
    ('00000000-0000-4000-8000-000000000002', 'other@example.com')
ON CONFLICT DO NOTHING;

INSERT INTO workspaces (id, name, slug) VALUES
    ('00000000-0000-4000-8000-000000000101', 'Estudio Jacaranda', 'estudio-jacaranda'),
    ('00000000-0000-4000-8000-000000000102', 'Taller Norte', 'taller-norte'),
    ('00000000-0000-4000-8000-000000000103', 'Casa Sur', 'casa-sur')
ON CONFLICT DO NOTHING;

INSERT INTO workspace_members (workspace_id, user_id, role, timezone) VALUES
    ('00000000-0000-4000-8000-000000000101', '00000000-0000-4000-8000-000000000001',
     'owner', 'America/Mexico_City'),
    ('00000000-0000-4000-8000-000000000102', '00000000-0000-4000-8000-000000000001',
     'member', 'America/Mexico_City'),
    ('00000000-0000-4000-8000-000000000103', '00000000-0000-4000-8000-000000000002',
     'owner', 'America/Bogota')
ON CONFLICT DO NOTHING;

INSERT INTO foco_projects (id, workspace_id, name, slug) VALUES
    ('00000000-0000-4000-8000-000000000201', '00000000-0000-4000-8000-000000000101',
     'Sitio web', 'sitio-web'),
    ('00000000-0000-4000-8000-000000000202', '00000000-0000-4000-8000-000000000101',
     'App móvil', 'app-movil'),
    ('00000000-0000-4000-8000-000000000203', '00000000-0000-4000-8000-000000000101',
     'Sitio de pruebas', 'sitio-de-pruebas'),
    ('00000000-0000-4000-8000-000000000204', '00000000-0000-4000-8000-000000000102',
     'Bodega', 'bodega'),
    ('00000000-0000-4000-8000-000000000205', '00000000-0000-4000-8000-000000000103',
     'Mudanza', 'mudanza')
ON CONFLICT DO NOTHING;

INSERT INTO work_items (id, workspace_id, project_id, title, status, priority, due_date) VALUES
    ('00000000-0000-4000-8000-000000000301', '00000000-0000-4000-8000-000000000101',
     '00000000-0000-4000-8000-000000000201', 'Página de inicio', 'in_progress', 'high',
     current_date + 3),
    ('00000000-0000-4000-8000-000000000302', '00000000-0000-4000-8000-000000000101',
     '00000000-0000-4000-8000-000000000201', 'Formulario de contacto', 'next', 'medium', NULL),
    ('00000000-0000-4000-8000-000000000303', '00000000-0000-4000-8000-000000000101',
     '00000000-0000-4000-8000-000000000202', 'Notificaciones', 'backlog', 'low', NULL),
    ('00000000-0000-4000-8000-000000000304', '00000000-0000-4000-8000-000000000102',
     '00000000-0000-4000-8000-000000000204', 'Inventario de herramientas', 'review', 'urgent',
     current_date + 1)
ON CONFLICT DO NOTHING;

COMMIT;
