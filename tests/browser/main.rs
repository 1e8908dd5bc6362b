//! A real browser on the phone page, as a newcomer uses it: link, VERIFY, choose a project, ask, read
//! the reply, open the proposal. Debian's chromium, driven by its chromedriver (W3C `WebDriver`).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed expectation is the finding"
)]

use std::process::Stdio;

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use harness::{Setup, World, free_port, until};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::process::{Child, Command};

const EXAMPLE: &str =
    "Need to add login page and user dashboard by Friday. Should take about 8 hours.";

/// A walk in one language.
struct Walk {
    language: &'static str,
    /// What the page says above the conversation.
    about: &'static str,
    /// Begins the line that links the phone.
    verify: &'static str,
    linked: &'static str,
    list: &'static str,
    project: &'static str,
    chosen: &'static str,
    request: &'static str,
    /// Fixed lines of the reply.
    reply: [&'static str; 3],
    /// What the panel says of a request: its state, and its last step.
    story: [&'static str; 2],
    /// A word of an item's title, as the proposal's page shows it.
    item: &'static str,
}

/// The driver, and a browser of its own.
struct Browser {
    client: Client,
    _driver: Child,
}

impl Browser {
    async fn start() -> Self {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver: `cargo xtask test` installs it, so does `apt-get install chromium-driver`");
        let options = json!({"goog:chromeOptions": {"args": [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
            "--no-first-run", "--disable-background-networking", "--disable-sync",
        ]}});
        let url = format!("http://127.0.0.1:{port}");
        let up = || async { reqwest::get(format!("{url}/status")).await.is_ok() };
        until("chromedriver", up, |up| *up).await;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(options.as_object().unwrap().clone())
            .connect(&url)
            .await
            .expect("a browser");
        Self {
            client,
            _driver: driver,
        }
    }

    async fn find(&self, css: &str) -> Element {
        self.client.find(Locator::Css(css)).await.expect(css)
    }

    async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Types a message and presses Enter; returns the reply to it.
    async fn asks(&self, message: &str) -> String {
        let before = self.replies().await.len();
        let field = self.find("textarea").await;
        field.send_keys(message).await.unwrap();
        field
            .send_keys(&String::from(char::from(Key::Enter)))
            .await
            .unwrap();
        self.gets(before + 1).await
    }

    /// The page's bubbles from FocoBot.
    async fn replies(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('.talk .theirs')]
            .map((bubble) => bubble.innerText);";
        let found = self.client.execute(script, Vec::new()).await.unwrap();
        serde_json::from_value(found).unwrap()
    }

    /// Where the last link of the conversation leads. In one step, since the page draws the
    /// conversation anew whenever a tick changes.
    async fn last_link(&self) -> String {
        let script = "return [...document.querySelectorAll('.talk .theirs a')].at(-1).href;";
        let found = self.client.execute(script, Vec::new()).await.unwrap();
        found.as_str().unwrap().to_owned()
    }

    async fn gets(&self, count: usize) -> String {
        let look = || self.replies();
        let replies = until("a reply on the page", look, |all| all.len() >= count).await;
        replies[count - 1].clone()
    }

    async fn end(self) {
        self.client.close().await.unwrap();
    }
}

async fn walk(walk: Walk) {
    let world = Setup::default().start().await;
    let browser = Browser::start().await;
    let page = format!(
        "{}/?phones=+5215555550100&lang={}",
        world.simulator.url(),
        walk.language
    );
    browser.client.goto(&page).await.unwrap();
    assert_eq!(browser.text("#about").await, walk.about);

    links(&browser, &walk).await;
    let projects = browser.asks(walk.list).await;
    assert!(projects.contains("Sitio web"), "{projects}");
    let chosen = browser.asks(walk.project).await;
    assert!(chosen.contains(walk.chosen), "{chosen}");
    let reply = browser.asks(walk.request).await;
    for line in walk.reply {
        assert!(reply.contains(line), "{line} is not in {reply}");
    }
    shows_the_story(&browser, &walk).await;
    opens_the_proposal(&browser, &world, &walk).await;
    browser.end().await;
    world.ends_clean().await;
}

/// A code from the page's form, sent with the page's button.
async fn links(browser: &Browser, walk: &Walk) {
    browser.click(".link summary").await;
    browser.click(".link-form button").await;
    let typed = || async {
        let field = browser.find("textarea").await;
        field.prop("value").await.unwrap().unwrap_or_default()
    };
    until("the line with the code", typed, |line| {
        line.starts_with(walk.verify)
    })
    .await;
    browser.click(".write button").await;
    let linked = browser.gets(1).await;
    assert!(linked.contains(walk.linked), "{linked}");
}

/// The panel beside the phone tells the request's story out of the ledger, to the end.
async fn shows_the_story(browser: &Browser, walk: &Walk) {
    assert!(!browser.find("#story").await.is_displayed().await.unwrap());
    let open = "[...document.querySelectorAll('.talk .mine .meta')].at(-1).click();";
    browser.client.execute(open, Vec::new()).await.unwrap();
    let told = || browser.text("#story");
    until("the story to be told", told, |story| {
        walk.story.iter().all(|word| story.contains(word))
    })
    .await;
    browser.click("#story .close").await;
    assert!(!browser.find("#story").await.is_displayed().await.unwrap());
}

/// The link of the last reply leads to the proposal that is stored.
async fn opens_the_proposal(browser: &Browser, world: &World, walk: &Walk) {
    let address = browser.last_link().await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from foco_proposals")
        .fetch_one(world.pool())
        .await
        .unwrap();
    assert!(address.ends_with(&format!("/proposals/{id}")), "{address}");
    browser.client.goto(&address).await.unwrap();
    let shown = browser.text("body").await.to_lowercase();
    assert!(shown.contains(walk.item), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_stand_side_by_side_with_formatting_ticks_and_typing_dots() {
    let world = Setup::default().with_model().start().await;
    let (first, second) = (
        world.phone_at_work().await,
        world.phone("whatsapp:+14155550123"),
    );
    let browser = Browser::start().await;
    let numbers = [&first, &second].map(|phone| phone.address.replace("whatsapp:", ""));
    let page = format!(
        "{}/?phones={}&lang=es",
        world.simulator.url(),
        numbers.join(",")
    );
    browser.client.goto(&page).await.unwrap();
    second.asks("Hola").await;
    let late = json!([{"action": {"kind": "delay", "ms": 4_000}}]);
    world.simulator.openai_faults(late).await;
    first.sends("Arreglar *el login*, 3 horas").await;
    let looks = "const [one, two] = document.querySelectorAll('.phone');
        return {
            bold: [...one.querySelectorAll('.talk .mine strong')].map((e) => e.innerText),
            dots: !one.querySelector('.dots').hidden && two.querySelector('.dots').hidden,
            read: one.querySelectorAll('.talk .mine .read').length > 0,
            other: two.querySelectorAll('.talk .theirs').length,
        };";
    let look = || async { browser.client.execute(looks, Vec::new()).await.unwrap() };
    until("bold, dots and blue ticks", look, |seen| {
        *seen == json!({"bold": ["el login"], "dots": true, "read": true, "other": 1})
    })
    .await;
    let gone = || async { look().await["dots"] == json!(false) };
    until("the dots to go when the answer comes", gone, |gone| *gone).await;
    browser.end().await;
    world.streams.are_quiet().await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_walks_from_linking_to_the_proposal_in_english() {
    walk(Walk {
        language: "en",
        about: "Simulated phones. What you type goes through the real ingester, queue and workers.",
        verify: "VERIFY ",
        linked: "WhatsApp linked to your Foco account!",
        list: "/list projects",
        project: "/project Sitio web",
        chosen: "Sitio web",
        request: EXAMPLE,
        reply: ["Proposal created!", "2 items", "8 hours estimated"],
        story: ["proposed", "delivered"],
        item: "login page",
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_walks_from_linking_to_the_proposal_in_spanish() {
    walk(Walk {
        language: "es",
        about: "Teléfonos simulados. Lo que escribas pasa por el sistema real: webhook, cola y workers.",
        verify: "VERIFICAR ",
        linked: "vinculado",
        list: "/lista proyectos",
        project: "/proyecto Sitio web",
        chosen: "Sitio web",
        request: "Hay que agregar la página de inicio de sesión y el panel de usuario para el viernes. Son como 8 horas.",
        reply: ["Propuesta creada", "2 tareas", "8 horas"],
        story: ["con propuesta", "entregado"],
        item: "inicio de sesión",
    })
    .await;
}
