//! Who is there: so many customers, in the stand-in for Foco's tables.

/// So many people and workspaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Crowd {
    /// People with a workspace, a project and a task each.
    People(u32),
    /// One person in 200 workspaces with 2,000 projects.
    Everywhere,
}

/// Most people who write: more than lanes, and each more than once.
const WRITERS: u32 = 500;

impl Crowd {
    /// What is measured.
    pub(crate) const ALL: [Self; 4] = [
        Self::People(10),
        Self::People(1000),
        Self::People(10_000),
        Self::Everywhere,
    ];

    /// As the table says it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::People(1) => "1 workspace".to_owned(),
            Self::People(count) => format!("{count} workspaces"),
            Self::Everywhere => "1 person, 2000 projects".to_owned(),
        }
    }

    /// How many people write.
    pub(crate) fn writers(self) -> u32 {
        match self {
            Self::People(count) => count.min(WRITERS),
            Self::Everywhere => 1,
        }
    }

    /// What the first message of each writer is, where a project has to be chosen.
    pub(crate) fn first(self) -> Option<&'static str> {
        matches!(self, Self::Everywhere).then_some("/project P7")
    }

    /// The phone of a writer: no such number is given out.
    pub(crate) fn phone(self, writer: u32) -> String {
        // Spread over everybody, so that no cache keeps a few.
        let person = match self {
            Self::People(count) => writer * (count / self.writers()) + 1,
            Self::Everywhere => 1,
        };
        format!("+52550{person:07}")
    }

    /// Statements that make them all.
    pub(crate) fn seed(self) -> String {
        let (people, workspaces, projects) = match self {
            Self::People(count) => (count, count, count),
            Self::Everywhere => (1, 200, 2000),
        };
        format!(
            "insert into auth.users (id, email)
                 select {person}, 'p' || n || '@example.com'
                 from generate_series(1, {people}) n;
             insert into workspaces (id, name, slug)
                 select {workspace}, 'W' || n, 'w' || n from generate_series(1, {workspaces}) n;
             insert into workspace_members (workspace_id, user_id, role, timezone)
                 select {workspace}, {owner}, 'owner', 'America/Mexico_City'
                 from generate_series(1, {workspaces}) n;
             insert into foco_projects (id, workspace_id, name, slug)
                 select {project}, {of}, 'P' || n, 'p' || n from generate_series(1, {projects}) n;
             insert into work_items (workspace_id, project_id, title, status, priority)
                 select {of}, {project}, 'Task ' || n, 'next', 'high'
                 from generate_series(1, {projects}) n;
             insert into whatsapp_user_links (user_id, phone, verified, linked_at)
                 select {person}, '+52550' || lpad(n::text, 7, '0'), true, now() - interval '1 day'
                 from generate_series(1, {people}) n;
             analyze;",
            person = id(1, "n"),
            workspace = id(2, "n"),
            project = id(3, "n"),
            owner = id(1, &format!("least(n, {people})")),
            of = id(2, &format!("least(n, (n - 1) % {workspaces} + 1)")),
        )
    }
}

/// An expression for the id of the `number`th of a kind.
fn id(kind: u8, number: &str) -> String {
    format!("(lpad(to_hex({kind}), 8, '0') || lpad(to_hex({number}), 24, '0'))::uuid")
}
