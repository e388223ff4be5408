//! The real store, with the model beside it: the store may choose among what the model allows, and ends where it does.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use contract::{DubId, Phase};
use tokio::runtime::{Builder, Runtime};

use super::{
    model::Model,
    queue::{Held, Intended, Queue, Violation},
};
use crate::{
    clock::Moment,
    dispatch::words,
    store::{
        CancelDue, CancelEnd, CreateEnd, CreateId, Due, Evidence, Intent, LifeStore as _, Owner, PredictionId,
        ProviderLimits, SaveEnd, Seen, SqliteStore, Store, StoreError, samples,
    },
};

/// A store and its model.
pub(super) struct Lockstep {
    runtime: Runtime,
    store: SqliteStore,
    model: Model,
    /// What the model calls the store's creates.
    creates: HashMap<CreateId, CreateId>,
    dubs: usize,
    deleted: HashSet<usize>,
}

impl Lockstep {
    pub(super) fn open(path: &Path) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let store = runtime.block_on(SqliteStore::open_unsynced(path)).unwrap();
        Self { runtime, store, model: Model::default(), creates: HashMap::new(), dubs: 0, deleted: HashSet::new() }
    }

    fn agree(&mut self, dub: usize) -> Held {
        if self.deleted.contains(&dub) {
            let found = held(self.runtime.block_on(self.store.dub(&owner(), &name(dub))))?;
            return found.map_or(Ok(()), |_| Err(Violation(format!("dub {dub} was deleted, and is there"))));
        }
        let (phase, said) = (self.stored_phase(dub)?, self.model.phase(dub)?);
        if phase == said {
            return Ok(());
        }
        Err(Violation(format!("dub {dub} is {phase:?} in the store, and {said:?} by the model")))
    }

    fn stored_phase(&self, dub: usize) -> Held<Phase> {
        let found = held(self.runtime.block_on(self.store.dub(&owner(), &name(dub))))?;
        found.map(|stored| stored.dub.phase).ok_or_else(|| Violation(format!("dub {dub} was promised, and is gone")))
    }
}

fn held<T>(result: Result<T, StoreError>) -> Held<T> {
    result.map_err(|error| Violation(format!("the store failed: {error:?}")))
}

fn owner() -> Owner {
    Owner("anna".into())
}

fn name(dub: usize) -> DubId {
    DubId(dub.to_string())
}

fn number(dub: &DubId) -> usize {
    dub.0.parse().unwrap()
}

impl From<Intent> for Intended {
    fn from(Intent { create, dub, tries, .. }: Intent) -> Self {
        Self { create, dub: number(&dub), tries }
    }
}

impl Queue for Lockstep {
    fn insert(&mut self, dub: usize, now: Moment) -> Held {
        self.dubs += 1;
        self.model.insert(dub, now)?;
        let mut to_insert = samples::dub(&name(dub).0, &owner().0);
        // Its create must be recognised by it.
        to_insert.input.seed = 1 + u32::try_from(dub).unwrap();
        held(self.runtime.block_on(self.store.insert_dub(to_insert, now))).map(drop)
    }

    fn claim_all(&mut self, limits: ProviderLimits, now: Moment) -> Held<Vec<Intended>> {
        let (intents, _) = held(self.runtime.block_on(self.store.claim_all(limits, now)))?;
        let claimed: Vec<_> = intents.into_iter().map(Intended::from).collect();
        for Intended { create, dub, .. } in &claimed {
            if let Some(why) = self.model.forbids(*dub, limits, now) {
                return Err(Violation(format!("the store sends dub {dub}, but {why}")));
            }
            let said = self.model.intend(*dub);
            self.creates.insert(*create, said.create);
            self.agree(*dub)?;
        }
        match self.model.first_allowed(limits, now) {
            Some(dub) => Err(Violation(format!("the store leaves dub {dub} waiting, and nothing forbids it"))),
            None => Ok(claimed),
        }
    }

    fn end_create(&mut self, create: CreateId, end: CreateEnd, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.end_create(create, end.clone(), now)))?;
        self.model.end_create(self.creates[&create], end, now)?;
        (0..self.dubs).try_for_each(|dub| self.agree(dub))
    }

    fn recover(&mut self, slot_until: Moment, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.recover(words::unconfirmed(), slot_until, now)))?;
        self.model.recover(slot_until, now)?;
        (0..self.dubs).try_for_each(|dub| self.agree(dub))
    }

    fn due(&mut self, phase: Phase, now: Moment) -> Held<Vec<(usize, Due)>> {
        let due = held(self.runtime.block_on(self.store.due(phase, 100, now)))?;
        Ok(due.into_iter().map(|due| (number(&due.dub), due)).collect())
    }

    fn book_seen(&mut self, dub: usize, seen: Seen, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.book_seen(&name(dub), seen.clone(), now)))?;
        self.model.book_seen(dub, seen, now)?;
        self.agree(dub)
    }

    fn book_save(&mut self, dub: usize, end: SaveEnd, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.book_save(&name(dub), end.clone(), now)))?;
        self.model.book_save(dub, end, now)?;
        self.agree(dub)
    }

    fn resubmit(&mut self, dub: usize, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.resubmit(&owner(), &name(dub), now)))?;
        self.model.resubmit(dub, now)?;
        self.agree(dub)
    }

    fn cancel(&mut self, dub: usize, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.cancel(&owner(), &name(dub), now)))?;
        self.model.cancel(dub, now)?;
        self.agree(dub)
    }

    fn cancels_due(&mut self, now: Moment) -> Held<Vec<CancelDue>> {
        let due = held(self.runtime.block_on(self.store.cancels_due(100, now)))?;
        let said = self.model.cancels_due(now)?.len();
        if due.len() == said {
            return Ok(due);
        }
        Err(Violation(format!("the store has {} cancels due, and the model {said}", due.len())))
    }

    fn book_cancel(&mut self, create: CreateId, end: CancelEnd, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.book_cancel(create, end, now)))?;
        self.model.book_cancel(self.creates[&create], end, now)
    }

    fn book_evidence(&mut self, create: CreateId, prediction: &PredictionId, now: Moment) -> Held<Evidence> {
        let found = held(self.runtime.block_on(self.store.book_evidence(create, prediction, now, now)))?;
        let said = self.model.book_evidence(self.creates[&create], prediction, now)?;
        if found != said {
            return Err(Violation(format!("evidence is {found:?} to the store, and {said:?} to the model")));
        }
        (0..self.dubs).try_for_each(|dub| self.agree(dub))?;
        Ok(found)
    }

    fn delete(&mut self, dub: usize, now: Moment) -> Held {
        held(self.runtime.block_on(self.store.delete(&owner(), &name(dub), now)))?;
        self.model.delete(dub, now)?;
        self.deleted.insert(dub);
        self.agree(dub)
    }

    fn phase(&mut self, dub: usize) -> Held<Phase> {
        self.stored_phase(dub)
    }
}
