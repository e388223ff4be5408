//! What the owner of dubs does besides waiting: some are cancelled and some deleted, whenever the server is killed.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use anyhow::ensure;
use contract::routes;
use reqwest::Method;
use tokio::time::sleep;

use crate::{
    dice::Dice,
    ledger::{Fate, name_of},
    visitor::Visitor,
};

/// Statuses of a cancel: taken, and nothing left to cancel.
const CANCELLED: u16 = 202;
const TOO_LATE: u16 = 409;
/// Statuses of a deletion: done, and done before.
const DELETED: u16 = 204;
const NOT_FOUND: u16 = 404;
/// How often a server that lives is asked, and how long to wait in between.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_secs(1);

/// Which dubs are to be cancelled or deleted, and what came of it.
#[derive(Debug, Default)]
pub struct Owner {
    /// What is wanted of which dub.
    wants: Vec<(String, Fate)>,
    /// What has been asked for, and whether it was answered.
    asked: HashMap<String, bool>,
}

impl Owner {
    /// One who wants a quarter of the dubs `names` cancelled and a quarter deleted.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>, dice: &mut Dice) -> Self {
        let mut draw = |name: &'a str| match dice.below(4) {
            0 => Some((name.to_owned(), Fate::Cancelled)),
            1 => Some((name.to_owned(), Fate::Deleted)),
            _ => None,
        };
        Self { wants: names.filter_map(&mut draw).collect(), asked: HashMap::new() }
    }

    /// Whether the dub may still be asked for again. Once it may be deleted, that would be another dub.
    pub fn awaits(&self, name: &str) -> bool {
        !(self.wants.contains(&(name.to_owned(), Fate::Deleted)) && self.asked.contains_key(name))
    }

    /// What must have become of the dub, as the owner was told.
    pub fn fate(&self, name: &str) -> Fate {
        let want = self.wants.iter().find(|(wanted, _)| wanted == name).map(|(_, fate)| *fate);
        match (want, self.asked.get(name)) {
            (Some(fate), Some(true)) => fate,
            (Some(Fate::Cancelled), Some(false)) => Fate::Unwanted,
            _ => Fate::Made,
        }
    }

    /// How many dubs are deleted.
    pub fn deleted(&self) -> usize {
        self.wants.iter().filter(|(name, _)| self.fate(name) == Fate::Deleted).count()
    }

    /// After `pause` asks for some of what is wanted. The server may be dead by then.
    ///
    /// # Errors
    /// When it answers as it never should.
    pub async fn act(
        &mut self,
        visitor: &Visitor,
        server: SocketAddr,
        pause: Duration,
        dice: &mut Dice,
    ) -> anyhow::Result<()> {
        let some: Vec<_> = self.wants.iter().filter(|_| dice.below(2) == 0).cloned().collect();
        sleep(pause).await;
        for (name, fate) in some {
            self.ask(visitor, server, &name, fate).await?;
        }
        Ok(())
    }

    /// Asks for all that was not answered yet, of a server that lives.
    ///
    /// # Errors
    /// When it does not answer, or as it never should.
    pub async fn finish(&mut self, visitor: &Visitor, server: SocketAddr) -> anyhow::Result<()> {
        for (name, fate) in self.wants.clone() {
            let mut left = TRIES;
            while !self.ask(visitor, server, &name, fate).await? {
                left -= 1;
                ensure!(left > 0, "whether {name} is {fate:?} is not answered");
                sleep(PAUSE).await;
            }
            // What is not there any more was deleted before, and the answer got lost.
            ensure!(fate == Fate::Cancelled || self.asked.contains_key(&name), "{name} could not be deleted");
            if fate == Fate::Deleted {
                self.asked.insert(name, true);
            }
        }
        Ok(())
    }

    /// Gives whether there was an answer.
    async fn ask(&mut self, visitor: &Visitor, server: SocketAddr, name: &str, fate: Fate) -> anyhow::Result<bool> {
        if self.asked.get(name) == Some(&true) {
            return Ok(true);
        }
        let Ok(dubs) = visitor.dubs(server).await else { return Ok(false) };
        let Some(dub) = dubs.iter().find(|dub| name_of(dub) == name) else { return Ok(true) };
        self.asked.entry(name.to_owned()).or_default();
        let (method, path) = match fate {
            Fate::Deleted => (Method::DELETE, routes::dub(&dub.id.0)),
            _ => (Method::POST, routes::cancel(&dub.id.0)),
        };
        let Some(status) = visitor.status(server, method, &path).await else { return Ok(false) };
        match (fate, status) {
            (Fate::Deleted, DELETED | NOT_FOUND) | (Fate::Cancelled, CANCELLED) => {
                self.asked.insert(name.to_owned(), true);
            }
            (Fate::Cancelled, TOO_LATE) => {}
            _ => anyhow::bail!("{name} is to be {fate:?}, and was answered {status}"),
        }
        Ok(true)
    }
}
