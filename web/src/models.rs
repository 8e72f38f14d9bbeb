//! Workspaces as they were pushed, opened: a bounded number of them, each by the hash of its push, so that none is ever stale.

use crate::{App, Prepared, failure::Failure};
use isobar_registry::{
    Workspace,
    store::{Error, What, WorkspaceCard},
};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// How many are kept.
const KEPT: usize = 16;
/// How often one is opened that is pushed at the same time.
const ATTEMPTS: usize = 5;

type Model = Arc<OnceCell<Arc<Workspace>>>;

/// The opened workspaces, the one that was asked for last at the end.
#[derive(Debug, Default)]
pub(crate) struct Models(Mutex<Vec<(WorkspaceCard, Model)>>);

impl Models {
    fn slot(&self, card: &WorkspaceCard) -> Model {
        // Every step leaves the list whole, so a lock that a panic left behind is as good as any.
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let model = match slots.iter().position(|(known, _)| known.name == card.name) {
            Some(at) if slots[at].0 == *card => slots.remove(at).1,
            Some(at) => {
                slots.remove(at);
                Model::default()
            }
            None => Model::default(),
        };
        slots.push((card.clone(), Arc::clone(&model)));
        let many = slots.len().saturating_sub(KEPT);
        slots.drain(..many);
        model
    }
}

impl App {
    /// The workspace of a name as it was pushed last. It is opened once, by one of the threads that decide.
    ///
    /// # Errors
    /// 404; 503 if it is pushed all the time.
    pub(crate) async fn model(&self, name: &str) -> Result<Arc<Workspace>, Failure> {
        for _ in 0..ATTEMPTS {
            let card = self.store.workspace(name).await?;
            let slot = self.models.slot(&card);
            let opened = slot.get_or_try_init(async || {
                let files = self.store.workspace_files(name).await?;
                if self.store.workspace(name).await? != card {
                    return Err(Error::Moved.into());
                }
                self.decider.run(move || Arc::new(Workspace::of_files(files, None))).await
            });
            match opened.await {
                Ok(model) => return Ok(Arc::clone(model)),
                Err(failure) if self.store.workspace(name).await? == card => return Err(failure),
                Err(_) => {}
            }
        }
        Err(Error::Moved.into())
    }

    /// Keeps a workspace that was pushed just now, with the hash that the push gave back, so that it is not read and checked again, and
    /// with what was worked out of it meanwhile, if anything was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn keep(&self, mut workspace: Workspace, hash: &str, prepared: Option<Prepared>) -> Result<(), Error> {
        let card = self.store.workspace(&workspace.model.name).await?;
        // Somebody else may have pushed since.
        if card.hash == hash {
            // As it is where it was read from the store: below no folder.
            workspace.sources.shown_from("".as_ref());
            // Whoever was faster has opened the same.
            let workspace = Arc::new(workspace);
            let _ = self.models.slot(&card).set(Arc::clone(&workspace));
            // Whoever asks for it is told what is wrong.
            if let Some(prepared) = prepared
                && let Ok(shown) = crate::pages::known(self, card.name, workspace).await
            {
                shown.take(prepared);
            }
        }
        Ok(())
    }

    /// Opens what was pushed and works out what most pages need, in the background, so that nobody waits for it.
    pub fn warm(&self) {
        let app = self.clone();
        tokio::spawn(async move {
            let mut cards = app.store.workspaces().await.unwrap_or_default();
            cards.sort_by_key(|card| std::cmp::Reverse(card.pushed));
            // What is watched is another one all the time.
            cards.retain(|card| app.live().is_none_or(|live| live.name != card.name));
            for card in cards.into_iter().take(KEPT).rev() {
                // Whoever asks for it is told what is wrong.
                let Ok(workspace) = app.model(&card.name).await else { continue };
                if let Ok(shown) = crate::pages::known(&app, card.name, workspace).await {
                    let _ = tokio::task::spawn_blocking(move || shown.warm()).await;
                }
            }
        });
    }

    /// The workspace that has a context.
    ///
    /// # Errors
    /// As [`App::model`].
    pub(crate) async fn model_of(&self, context: &str) -> Result<Arc<Workspace>, Failure> {
        let card = self.store.context(context).await.map_err(|error| match error {
            Error::Missing(What::Context) => Error::Missing(What::Message),
            other => other,
        })?;
        self.model(&card.workspace).await
    }
}
