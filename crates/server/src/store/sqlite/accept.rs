//! Dubs that are asked for at the same time are accepted together: in one transaction, with one wait for the disk.
//!
//! The disk is what a 202 waits for, and there is one writer. So whatever is asked for while it is busy goes into the next
//! transaction, and each asker is answered once that is on disk. Nobody waits for company: who comes alone is accepted alone.

use tokio::sync::{mpsc, oneshot};

use super::{owners, write::Writer};
use crate::{
    clock::Moment,
    store::{DubToInsert, Inserted, StoreError},
};

/// How many are accepted in one transaction at most: those who write other things wait for it.
const TOGETHER: usize = 64;

/// A dub that is asked for, and who waits for the answer.
struct Order {
    dub: DubToInsert,
    now: Moment,
    answer: oneshot::Sender<Result<Inserted, StoreError>>,
}

/// Takes dubs in.
#[derive(Debug, Clone)]
pub(super) struct Acceptor {
    orders: mpsc::Sender<Order>,
}

impl Acceptor {
    /// Writes by `writer`, as long as there is one who may ask.
    pub(super) fn new(writer: Writer) -> Self {
        let (sender, mut orders) = mpsc::channel(TOGETHER);
        tokio::spawn(async move {
            while let Some(first) = orders.recv().await {
                accept(&writer, first, &mut orders).await;
            }
        });
        Self { orders: sender }
    }

    /// Accepts a dub, or tells why not; it is on disk when this returns.
    pub(super) async fn insert(&self, dub: DubToInsert, now: Moment) -> Result<Inserted, StoreError> {
        let (answer, answered) = oneshot::channel();
        let stopped = || StoreError::Database(sqlx::Error::WorkerCrashed);
        self.orders.send(Order { dub, now, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

/// Accepts `first`, and all who wait too once it is their turn to write.
async fn accept(writer: &Writer, first: Order, orders: &mut mpsc::Receiver<Order>) {
    let mut group = vec![first];
    match together(writer, &mut group, orders).await {
        Ok(all) => {
            for (order, inserted) in group.into_iter().zip(all) {
                answer(order, Ok(inserted));
            }
        }
        // Nothing of it is on disk, and nobody is to fall with a neighbour: each has a transaction of its own now.
        Err(error) if group.len() > 1 => {
            let dubs = group.len();
            tracing::warn!(error = &error as &dyn std::error::Error, dubs, "dubs are accepted one by one");
            for order in group {
                let inserted = alone(writer, &order).await;
                answer(order, inserted);
            }
        }
        Err(error) => {
            if let Some(order) = group.pop() {
                answer(order, Err(error));
            }
        }
    }
}

/// Inserts the whole group and commits it; what is refused in it has written nothing.
async fn together(
    writer: &Writer,
    group: &mut Vec<Order>,
    orders: &mut mpsc::Receiver<Order>,
) -> Result<Vec<Inserted>, StoreError> {
    let mut tx = writer.begin().await?;
    while group.len() < TOGETHER
        && let Ok(order) = orders.try_recv()
    {
        group.push(order);
    }
    // Who has hung up meanwhile is not told of a dub, so there is none.
    group.retain(|order| !order.answer.is_closed());
    let mut all = Vec::with_capacity(group.len());
    for order in group.iter() {
        all.push(owners::insert(&mut tx, order.dub.clone(), order.now).await?);
    }
    tx.commit().await?;
    Ok(all)
}

async fn alone(writer: &Writer, order: &Order) -> Result<Inserted, StoreError> {
    let mut tx = writer.begin().await?;
    let inserted = owners::insert(&mut tx, order.dub.clone(), order.now).await?;
    tx.commit().await?;
    Ok(inserted)
}

fn answer(order: Order, inserted: Result<Inserted, StoreError>) {
    // Who has hung up finds the dub in the list.
    let _ = order.answer.send(inserted);
}

#[cfg(test)]
mod tests;
