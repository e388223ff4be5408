//! A prediction's life after it was accepted: render, wait out the predict time, write down the end, tell the webhook.

use std::sync::Arc;

use crate::prediction::{Ending, Outcome};
use crate::state::Sim;
use crate::webhook;

/// Starts the task of a prediction that is in the book and in the journal.
pub(crate) fn spawn(sim: &Arc<Sim>, id: String) {
    let task = run(Arc::clone(sim), id);
    sim.tasks.spawn(task);
}

async fn run(sim: Arc<Sim>, id: String) {
    let Some(cancel) = sim.book().predictions.get(&id).map(|prediction| prediction.cancel.clone()) else { return };
    let outcome = tokio::select! {
        () = cancel.cancelled() => return,
        // Without an end in the journal, the next start runs it again.
        () = sim.closing.cancelled() => return,
        outcome = predict(&sim, &id) => outcome,
    };
    let failed = matches!(outcome, Outcome::Failed { .. });
    if end(&sim, &id, outcome).await {
        tracing::info!(prediction = id, failed, "prediction ended");
        tokio::select! {
            () = sim.closing.cancelled() => {}
            () = webhook::report(&sim, &id) => {}
        }
    }
}

async fn predict(sim: &Sim, id: &str) -> Outcome {
    let known = sim.book().predictions.get(id).map(|p| (p.input.clone(), p.faults.clone(), p.started));
    let Some((input, faults, started)) = known else { return Outcome::Cancelled };
    let asked_for = |what: &str| Outcome::Failed {
        message: "The generation failed".into(),
        details: format!("the prompt asked for it with {what}"),
    };
    let early = if faults.error {
        Some(asked_for("sim:error"))
    } else {
        faults.final_word().map(|word| asked_for(&format!("sim:status={word}")))
    };
    let outcome = match early {
        Some(outcome) => outcome,
        None => match sim.renderer.render(&input).await {
            Ok(rendered) => Outcome::Succeeded { render: rendered.name, voice_seconds: rendered.voice_seconds },
            Err(error) => {
                return Outcome::Failed { message: error.to_string(), details: error.details().to_owned() };
            }
        },
    };
    let predict = faults.slow.unwrap_or(sim.options.predict);
    if let Some(until) = started.checked_add(predict) {
        tokio::time::sleep_until(until.into()).await;
    } else {
        std::future::pending::<()>().await;
    }
    outcome
}

/// Ends a running prediction; false when it had already ended, because the first end is the one that counts.
pub(crate) async fn end(sim: &Sim, id: &str, outcome: Outcome) -> bool {
    let ending = {
        let mut book = sim.book();
        let Some(prediction) = book.predictions.get_mut(id).filter(|prediction| prediction.is_running()) else {
            return false;
        };
        let predict_time = (prediction.started.elapsed().as_secs_f64() * 1e3).round() / 1e3;
        let ending = Ending { prediction_id: id.to_owned(), predict_time, outcome };
        prediction.ending = Some(ending.clone());
        prediction.cancel.cancel();
        ending
    };
    if let Err(error) = sim.endings.append(&ending).await {
        tracing::warn!(prediction = id, %error, "the end of a prediction is not on disk: it will run again");
    }
    true
}
