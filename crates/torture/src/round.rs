//! One round: dubs are asked for, the server is killed and started again, and when all is at rest the promises are compared.

use std::{
    net::SocketAddr,
    ops::AddAssign,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use contract::Dub;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    dice::Dice,
    keeping, ledger,
    owner::Owner,
    points::{Point, Way},
    programs::{Server, ServerSettings},
    proxy::{Fault, Proxy, Rule},
    visitor::Visitor,
    voice,
};

/// How long dubs may take to come to rest after the last start.
pub(crate) const PATIENCE: Duration = Duration::from_mins(6);
/// How often they are looked at.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How a create begins on the wire.
const CREATE: &str = "POST /v1/prediction";
/// How many dubs a round has.
const DUBS: u64 = 2;
/// How many it has when the server is killed at random: more than may run.
const RANDOM_DUBS: u64 = 12;
/// After how long the server is killed at random, in milliseconds.
const RANDOM_AFTER_MS: u64 = 2_500;
/// What else is asked of the simulator in a round. The first dub of each is a plain one.
const FAULTS: [&str; 8] = [
    "sim:error",
    "sim:error sim:slow=1",
    "sim:drop-after-accept",
    "sim:500-after-accept",
    "sim:429",
    "sim:poll-500=1",
    "sim:error sim:webhook-twice",
    "sim:drop-after-accept sim:webhook-early",
];
/// What the network does while the server is killed at random.
const NETWORK: [Option<Fault>; 6] = [
    None,
    Some(Fault::Delay(Duration::from_millis(300))),
    Some(Fault::CutRequest(200)),
    Some(Fault::Reset),
    Some(Fault::DropAnswer),
    Some(Fault::CutAnswer(40)),
];

/// What all rounds share.
#[derive(Debug, Clone)]
pub struct World {
    /// The server's program, with fail points.
    pub program: PathBuf,
    /// Where the simulator listens.
    pub simulator: SocketAddr,
    /// Its folder.
    pub journal: PathBuf,
    /// Where servers keep their data.
    pub folder: PathBuf,
    /// The address of half a second of voice.
    pub voice: String,
    /// From where all chance comes.
    pub seed: u64,
}

/// What came of a round.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How often the server was killed.
    pub kills: u64,
    /// How often it was started again.
    pub restarts: u64,
    /// How many creates the provider took.
    pub orders: usize,
    /// Which promises were broken.
    pub violations: Vec<String>,
}

impl AddAssign for Outcome {
    fn add_assign(&mut self, more: Self) {
        self.kills += more.kills;
        self.restarts += more.restarts;
        self.orders += more.orders;
        self.violations.extend(more.violations);
    }
}

impl World {
    /// Runs the round `number` at `point`. A round that cannot be run is a violation as well.
    pub async fn round(&self, point: Point, number: u64) -> Outcome {
        let name = format!("{}-{number}-", point.name);
        let data = self.folder.join(&name);
        let mut outcome = Outcome::default();
        if let Err(error) = self.run(point, number, &name, &data, &mut outcome).await {
            outcome.violations.push(format!("the round broke off: {error:#}"));
        }
        if outcome.violations.is_empty() {
            // What shows nothing need not fill the disk.
            let _ = tokio::fs::remove_dir_all(&data).await;
        }
        outcome
    }

    async fn run(
        &self,
        point: Point,
        number: u64,
        name: &str,
        data: &Path,
        outcome: &mut Outcome,
    ) -> anyhow::Result<()> {
        let mut dice = Dice::new(self.seed ^ name.bytes().fold(0, |sum: u64, byte| sum * 31 + u64::from(byte)));
        let proxy = Proxy::start(self.simulator).await?;
        let key = format!("key-{name}");
        // Polling suffices alone: every other round does without webhooks.
        let public =
            if point.way == Way::Called || dice.below(2) == 0 { Some(Proxy::start(None).await?) } else { None };
        let settings = ServerSettings {
            program: &self.program,
            data,
            provider: proxy.address,
            key: &key,
            public: public.as_ref(),
            keeps_nothing: point.way.keeps_nothing(),
            is_mistaken: point.way == Way::Mistaken,
        };
        let mut wishes = self.wishes(name, point, &mut dice);
        let kill_at = match point.way {
            Way::Itself | Way::Called | Way::Expiring => Some(format!("{}:{}", point.name, 1 + number % point.passes)),
            // Something must be in flight for a recovery to have something to do.
            Way::Recovering | Way::Mistaken => Some("C5".to_owned()),
            Way::Sent | Way::Forgetting | Way::Random => None,
        };
        let server = Server::start(&settings, kill_at.as_deref()).await?;
        let mut server = server.context("it was killed before anything was asked for")?;
        let visitor = Visitor::new(server.address).await?;
        if point.way == Way::Sent {
            proxy.set(Some(Rule { begins: CREATE, fault: Fault::Hold }));
        }
        if point.way == Way::Forgetting {
            wishes[0].1["audio"] = json!({ "upload_id": visitor.upload(server.address, voice::tone()).await? });
        }
        self.ask(&visitor, server.address, &wishes).await?;
        let mut owner = Owner::default();
        match point.way {
            Way::Itself | Way::Called | Way::Expiring | Way::Mistaken => server.died().await?,
            Way::Forgetting => {
                rest(&visitor, server.address, 0).await?;
                server.kill().await?;
                if let Some(mut server) = Server::start(&settings, Some(point.name)).await? {
                    server.died().await?;
                }
            }
            Way::Recovering => {
                server.died().await?;
                if Server::start(&settings, Some(point.name)).await?.is_some() {
                    bail!("it was not killed during recovery");
                }
            }
            Way::Sent => {
                tokio::time::timeout(PATIENCE, proxy.held()).await.context("nothing was sent")?;
                server.kill().await?;
                proxy.set(None);
                // What has been sent arrives, though nobody lives who sent it.
                for _ in &wishes {
                    proxy.release();
                }
            }
            Way::Random => {
                owner = Owner::new(wishes.iter().map(|(name, _)| name.as_str()), &mut dice);
                random_kills(&settings, server, &proxy, &visitor, &mut owner, &mut dice).await?;
                proxy.set(None);
            }
        }
        outcome.kills = point.way.kills();
        let server = Server::start_alive(&settings).await?;
        outcome.restarts = outcome.kills;
        // Who got no answer asks again, with the same key.
        let awaited: Vec<_> = wishes.iter().filter(|(name, _)| owner.awaits(name)).cloned().collect();
        for (name, wish) in &awaited {
            visitor.ask_until_answered(server.address, wish, name).await?;
        }
        owner.finish(&visitor, server.address).await?;
        let dubs = rest(&visitor, server.address, owner.deleted()).await?;
        if point.way.keeps_nothing() {
            outcome.violations.extend(keeping::left(&visitor, server.address, data).await?);
        }
        for dub in dubs.iter().filter(|_| !point.way.keeps_nothing()) {
            if let Some(output) = &dub.output
                && visitor.length(server.address, &output.url).await? != output.size_bytes
            {
                outcome.violations.push(format!("the result of {} is not as long as it says", dub.id));
            }
        }
        let orders = ledger::orders(&self.journal, name)?;
        let asked: Vec<_> = wishes.into_iter().map(|(name, _)| (name.clone(), owner.fate(&name))).collect();
        outcome.orders = orders.len();
        outcome.violations.extend(ledger::violations(&asked, &dubs, &orders));
        Ok(())
    }

    /// The dubs of a round: the name by which the journal knows each, and what is asked for.
    fn wishes(&self, name: &str, point: Point, dice: &mut Dice) -> Vec<(String, Value)> {
        let number = if point.way == Way::Random { RANDOM_DUBS } else { DUBS };
        let mut wish = |dub: u64| {
            let (name, is_plain) = (format!("{name}{dub}"), dub == 0);
            let prompt = match (is_plain, point.way) {
                // The early call is given up when it takes too long, and there must be two that are not.
                (true, Way::Called) => format!("{name} sim:webhook-early sim:webhook-twice"),
                (true, _) => name.clone(),
                (false, _) => format!("{name} {}", dice.pick(&FAULTS)),
            };
            let wish = json!({ "video": { "url": format!("http://{}/sample/presenter.mp4", self.simulator) },
                               "audio": { "url": self.voice }, "resolution": "480p", "prompt": prompt });
            (name, wish)
        };
        (0..number).map(&mut wish).collect()
    }

    /// Asks for every dub, under its name as the key. Some may get no answer.
    async fn ask(&self, visitor: &Visitor, server: SocketAddr, wishes: &[(String, Value)]) -> anyhow::Result<()> {
        let asking = wishes.iter().map(|(name, wish)| visitor.ask(server, wish, name));
        join_all(asking).await.into_iter().try_for_each(|answer| answer.map(drop))
    }
}

/// Kills the server after some time, several times, while the network breaks and the owner changes their mind.
async fn random_kills(
    settings: &ServerSettings<'_>,
    mut server: Server,
    proxy: &Proxy,
    visitor: &Visitor,
    owner: &mut Owner,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    let mut left = Way::Random.kills();
    loop {
        proxy.set(dice.pick(&NETWORK).map(|fault| Rule { begins: CREATE, fault }));
        let [kill_after, act_after] = [0; 2].map(|_| Duration::from_millis(dice.below(RANDOM_AFTER_MS)));
        let address = server.address;
        let killing = async {
            sleep(kill_after).await;
            server.kill().await
        };
        let (killed, acted) = tokio::join!(killing, owner.act(visitor, address, act_after, dice));
        killed.and(acted)?;
        left -= 1;
        if left == 0 {
            return Ok(());
        }
        server = Server::start_alive(settings).await?;
    }
}

/// The visitor's dubs once each of them has come to rest, or as they are when patience ends. So many more were deleted.
async fn rest(visitor: &Visitor, server: SocketAddr, deleted: usize) -> anyhow::Result<Vec<Dub>> {
    let started = Instant::now();
    loop {
        let dubs = visitor.dubs(server).await?;
        if started.elapsed() > PATIENCE || !dubs.iter().any(|dub| ledger::is_moving(dub, &dubs, deleted)) {
            return Ok(dubs);
        }
        sleep(LOOK_EVERY).await;
    }
}
