//! Workspaces as they were pushed, opened: as many as a bounded amount of text makes, each by the hash of its push, so that none is ever
//! stale.

use crate::{App, Prepared, failure::Failure};
use isobar_registry::{
    Workspace,
    store::{Error, What, WorkspaceCard},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{sync::OnceCell, task::JoinHandle};

/// How often one is opened that is pushed at the same time.
const ATTEMPTS: usize = 5;

type Model = Arc<OnceCell<Opened>>;

/// A workspace, and how much text it was made of.
#[derive(Debug)]
struct Opened {
    workspace: Arc<Workspace>,
    texts: usize,
}

impl Opened {
    fn new(workspace: Workspace) -> Opened {
        let texts = workspace.sources.iter().map(|(_, it)| it.text.len()).sum();
        Opened { workspace: Arc::new(workspace), texts }
    }
}

/// The opened workspaces by name.
#[derive(Debug, Default)]
pub(crate) struct Models(Mutex<Slots>);

#[derive(Debug, Default)]
struct Slots {
    all: HashMap<String, Slot>,
    /// How often one was asked for.
    asked: u64,
}

#[derive(Debug)]
struct Slot {
    card: WorkspaceCard,
    model: Model,
    /// When it was asked for last; 0 where nobody did.
    asked: u64,
}

impl Slot {
    /// The higher, the longer it stays: those that were asked for last, and of those that nobody asked for, those that were pushed last.
    fn rank(&self) -> (u64, i64) {
        (self.asked, self.card.pushed)
    }
}

impl Slots {
    fn of(&mut self, card: &WorkspaceCard) -> &mut Slot {
        let new = |asked| Slot { card: card.clone(), model: Model::default(), asked };
        let slot = self.all.entry(card.name.clone()).or_insert_with(|| new(0));
        if slot.card != *card {
            *slot = new(slot.asked);
        }
        slot
    }
}

impl Models {
    fn slots(&self) -> MutexGuard<'_, Slots> {
        // Every step leaves them whole, so a lock that a panic left behind is as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, card: &WorkspaceCard) -> Model {
        Arc::clone(&self.slots().of(card).model)
    }

    /// Somebody asks for it.
    fn ask(&self, card: &WorkspaceCard) {
        let mut slots = self.slots();
        slots.asked += 1;
        slots.of(card).asked = slots.asked;
    }

    /// Lets go of those that rank lowest, where there are too many.
    fn trim(&self, kept: usize) {
        let mut slots = self.slots();
        let opened = |slot: &Slot| Some((slot.rank(), slot.model.get()?.texts));
        let mut all: Vec<_> = slots.all.values().filter_map(opened).collect();
        all.sort_unstable_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        let mut texts = 0;
        // The first one stays, however large it is.
        let more = all.iter().enumerate().position(|(number, (_, own))| {
            texts += own;
            number > 0 && texts > kept
        });
        if let Some((first, _)) = more.map(|at| all[at]) {
            slots.all.retain(|_, slot| slot.rank() > first || slot.model.get().is_none());
        }
    }

    /// Whether a workspace of this name is kept as it is.
    pub(crate) fn keeps(&self, name: &str, workspace: &Arc<Workspace>) -> bool {
        let slots = self.slots();
        let opened = slots.all.get(name).and_then(|slot| slot.model.get());
        opened.is_some_and(|opened| Arc::ptr_eq(&opened.workspace, workspace))
    }
}

impl App {
    /// The workspace of a name as it was pushed last. It is opened once, by one of the threads that decide.
    ///
    /// # Errors
    /// 404; 503 if it is pushed all the time.
    pub(crate) async fn model(&self, name: &str) -> Result<Arc<Workspace>, Failure> {
        self.opened(self.store.workspace(name).await?).await
    }

    /// The same of one whose card was read just now.
    pub(crate) async fn opened(&self, card: WorkspaceCard) -> Result<Arc<Workspace>, Failure> {
        self.models.ask(&card);
        self.open(card).await
    }

    async fn open(&self, mut card: WorkspaceCard) -> Result<Arc<Workspace>, Failure> {
        for _ in 0..ATTEMPTS {
            let slot = self.models.slot(&card);
            if let Some(opened) = slot.get() {
                return Ok(Arc::clone(&opened.workspace));
            }
            let opened = slot.get_or_try_init(async || {
                let files = self.store.workspace_files(&card.name).await?;
                if self.store.workspace(&card.name).await? != card {
                    return Err(Error::Moved.into());
                }
                self.decider.run(move || Opened::new(Workspace::of_files(files, None))).await
            });
            match opened.await {
                Ok(opened) => {
                    self.models.trim(self.options.opened);
                    return Ok(Arc::clone(&opened.workspace));
                }
                Err(failure) => {
                    let now = self.store.workspace(&card.name).await?;
                    if now == card {
                        return Err(failure);
                    }
                    card = now;
                }
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
            let opened = Opened::new(workspace);
            let workspace = Arc::clone(&opened.workspace);
            let _ = self.models.slot(&card).set(opened);
            self.models.trim(self.options.opened);
            // Whoever asks for it is told what is wrong.
            if let Some(prepared) = prepared
                && let Ok(shown) = crate::pages::known(self, card.name, workspace).await
            {
                shown.take(prepared);
            }
        }
        Ok(())
    }

    /// Opens what was pushed, the last first, as long as there is room, and works out what most pages need, in the background, so that nobody
    /// waits for it.
    pub fn warm(&self) -> JoinHandle<()> {
        let app = self.clone();
        tokio::spawn(async move {
            let mut cards = app.store.workspaces().await.unwrap_or_default();
            cards.sort_by_key(|card| std::cmp::Reverse(card.pushed));
            // What is watched is another one all the time.
            cards.retain(|card| app.live().is_none_or(|live| live.name != card.name));
            for card in cards {
                // Whoever asks for it is told what is wrong.
                let Ok(workspace) = app.open(card.clone()).await else { continue };
                if !app.models.keeps(&card.name, &workspace) {
                    break;
                }
                if let Ok(shown) = crate::pages::known(&app, card.name, workspace).await {
                    let _ = crate::pages::date(&app, &shown).await;
                    let _ = tokio::task::spawn_blocking(move || shown.warm()).await;
                }
            }
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// How much text is opened.
    fn texts(models: &Models) -> usize {
        models.slots().all.values().filter_map(|slot| slot.model.get()).map(|opened| opened.texts).sum()
    }

    fn open(models: &Models, name: &str) -> Arc<Workspace> {
        let card = WorkspaceCard { name: name.into(), hash: String::new(), pushed: 0 };
        let files = BTreeMap::from([("isobar.yaml".to_owned(), format!("workspace: {name}\n"))]);
        models.ask(&card);
        let slot = models.slot(&card);
        if slot.get().is_none() {
            slot.set(Opened { texts: 10, ..Opened::new(Workspace::of_files(files, None)) }).unwrap();
        }
        Arc::clone(&slot.get().unwrap().workspace)
    }

    #[test]
    fn those_that_were_asked_for_last_are_kept_as_far_as_there_is_room() {
        let models = Models::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| open(&models, name));
        models.trim(30);
        assert_eq!(texts(&models), 30);
        open(&models, "a");
        models.trim(29);
        assert_eq!((models.keeps("a", &a), models.keeps("b", &b), models.keeps("c", &c)), (true, false, true));
        let anew = open(&models, "b");
        assert!(models.keeps("b", &anew) && !models.keeps("b", &b), "it is opened anew");
        models.trim(0);
        assert_eq!(texts(&models), 10, "the last one stays, however large it is");
    }

    #[test]
    fn a_new_push_is_opened_anew() {
        let models = Models::default();
        let old = open(&models, "a");
        let card = WorkspaceCard { name: "a".into(), hash: "new".into(), pushed: 1 };
        assert!(models.slot(&card).get().is_none() && !models.keeps("a", &old));
    }
}
