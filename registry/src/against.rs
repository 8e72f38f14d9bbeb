//! A workspace beside the history of another revision, its base: what was released there must be here, as it was. Where the
//! history of that revision comes from is for the caller to say; nothing here knows of version control.

use crate::{
    Workspace, compat, evolution,
    history::{self, FOLDER, History, LOCK, Read, Release},
};
use isobar_model::{
    Diagnostics, Severity, Span,
    diag::{Diagnostic, codes},
    model::{Event, Name},
    parse::Tree,
};
use std::{collections::HashSet, fmt};

/// What a workspace is compared with, as people know it.
#[derive(Clone, Copy, Debug)]
pub enum Base<'a> {
    /// A revision of the repository: `origin/main`.
    Revision(&'a str),
    /// A folder with another copy of the workspace.
    Folder(&'a str),
    /// The registry that it is pushed to.
    Registry,
}

/// Its name.
impl fmt::Display for Base<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Base::Revision(name) | Base::Folder(name) => name,
            Base::Registry => "the registry",
        })
    }
}

impl Base<'_> {
    /// How the releases of both sides come together.
    fn merge(self) -> String {
        match self {
            Base::Revision(name) => format!("merge or rebase onto {name}"),
            Base::Folder(name) => format!("bring over what was released in {name}"),
            Base::Registry => "merge the branch that was pushed".into(),
        }
    }

    /// How files come from there.
    fn take(self, files: &[String]) -> String {
        match self {
            Base::Revision(name) => format!("`git checkout {name} -- {}`", files.join(" ")),
            Base::Folder(name) => format!("copy {} from {name}", files.join(" and ")),
            Base::Registry => format!("bring {} over from the branch that was pushed", files.join(" and ")),
        }
    }
}

/// Whether a version is another one, and not only told in other words.
fn differs(name: &Name, (here, ours): (&History, &Release), (there, theirs): (&History, &Release)) -> bool {
    if here.found.0.get(&ours.path) == there.found.0.get(&theirs.path) {
        return false;
    }
    let (a, b) = (&*ours.event, &*theirs.event);
    let told = Event {
        doc: a.doc.clone(),
        fields: a.fields.clone(),
        examples: a.examples.clone(),
        deprecated: a.deprecated.clone(),
        ..Event::clone(b)
    };
    let text = |event: &Event| history::text(name, ours.version, event, &ours.types);
    !compat::same(compat::Record::of(b, &theirs.types), compat::Record::of(a, &ours.types)) || text(&told) != text(a)
}

impl Workspace {
    /// Compares with the history in another copy of the workspace, which people know as `base`, and adds what is
    /// wrong to the findings. A base without a history has released nothing, so that nothing can be wrong.
    ///
    /// `parted` holds the files of the history, relative to its folder, that were there when the two sides parted: what the base
    /// released since cannot be here, and is missing only where that is not known.
    pub fn against(&mut self, tree: Tree<'_>, base: Base<'_>, parted: Option<&HashSet<String>>) {
        let mut ignored = Diagnostics::default();
        let at = match base {
            Base::Registry => "@registry".to_owned(),
            _ => format!("@{base}"),
        };
        let released = history::read(
            tree,
            &mut Read {
                sources: &mut self.sources,
                // What is wrong with the base is found where that is checked.
                diagnostics: &mut ignored,
                files: &mut Vec::new(),
                folders: &mut Vec::new(),
                folder: FOLDER,
                at: &at,
            },
        );
        let mut found = Diagnostics::default();
        let mut behind = Vec::new();
        for (name, theirs) in &released.events {
            for release in theirs {
                let ours =
                    self.history.events.get(name).and_then(|all| all.iter().find(|it| it.version == release.version));
                match ours {
                    Some(ours) if differs(name, (&self.history, ours), (&released, release)) => {
                        found.push(self.clash(name, ours, release, base).about(name));
                    }
                    Some(_) => {}
                    // A locked file that is gone here is told of already.
                    None if self.history.lock.0.contains_key(&release.path) => {}
                    None => {
                        behind.push((name, release));
                        if parted.is_none_or(|files| files.contains(&release.path)) {
                            found.push(self.missing(name, release, base, parted.is_some()).about(name));
                        }
                    }
                }
            }
        }
        if !behind.is_empty() {
            let mut here = self.history.clone();
            for (name, release) in behind {
                let all = here.events.get_or_insert(name.clone(), Vec::new);
                all.push(release.clone());
                all.sort_by_key(|it| it.version);
            }
            // In order of their names, as a history is read.
            let mut events: Vec<_> = std::mem::take(&mut here.events).into_iter().collect();
            events.sort_by(|a, b| a.0.cmp(&b.0));
            here.events = events.into_iter().collect();
            self.drafts(&here, base, &mut found);
        }
        self.diagnostics.extend(found);
    }

    /// Compares what was pulled with what the registry has of it now, and adds what is wrong to the findings.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn pulled_against(&mut self, tree: Tree<'_>) {
        let released = history::read(
            tree,
            &mut Read {
                sources: &mut self.sources,
                diagnostics: &mut Diagnostics::default(),
                files: &mut Vec::new(),
                folders: &mut Vec::new(),
                folder: FOLDER,
                at: "@registry",
            },
        );
        for (name, theirs) in &released.events {
            let ours = self.pulled.history.events.get(name).map_or(&[][..], |it| it.as_slice());
            for (ours, theirs) in
                ours.iter().filter_map(|it| Some((it, theirs.iter().find(|t| t.version == it.version)?)))
            {
                if differs(name, (&self.pulled.history, ours), (&released, theirs)) {
                    let message =
                        format!("{} of `{name}`, as it was pulled, is another one than on the registry", ours.version);
                    self.diagnostics.push(
                        Diagnostic::new(&codes::BASE_CLASH, ours.event.name.span, message)
                            .label("pulled here")
                            .also(theirs.event.name.span, "released there")
                            .help(format!("run `isobar pull {}` again", name.context))
                            .about(name),
                    );
                }
            }
        }
    }

    /// Where the event is written now, and else where it was released last, and else the lock.
    fn place(&self, name: &Name) -> Option<Span> {
        let evolution = self.evolutions.get(name);
        let evolution = evolution
            .or_else(|| self.evolutions.values().find(|it| it.versions.iter().any(|known| known.name == *name)));
        let event = self.model.event(name).or_else(|| self.model.event(&evolution?.name));
        let lock = format!("{FOLDER}/{LOCK}");
        let lock = self.sources.iter().find(|(_, source)| source.path == lock).map(|(file, _)| Span::top(file));
        event.map(|event| event.name.span).or_else(|| Some(evolution?.newest()?.event.name.span)).or(lock)
    }

    fn missing(&self, name: &Name, release: &Release, base: Base<'_>, is_deleted: bool) -> Diagnostic {
        let message = format!("{} of `{name}` was released on {base} and is not here", release.version);
        let finding = match self.place(name) {
            Some(span) => {
                Diagnostic::new(&codes::BASE_MISSING, span, message).also(release.event.name.span, "released there")
            }
            None => Diagnostic::general(&codes::BASE_MISSING, message),
        };
        let take = base.take(&self.files(release));
        finding.help(match is_deleted {
            true => format!("the file was deleted here; restore it: {take}"),
            false => format!("{}; if the file was deleted here, restore it: {take}", base.merge()),
        })
    }

    fn clash(&self, name: &Name, ours: &Release, theirs: &Release, base: Base<'_>) -> Diagnostic {
        let message = format!("{} of `{name}` is another one than on {base}", ours.version);
        let take = base.take(&self.files(ours));
        Diagnostic::new(&codes::BASE_CLASH, ours.event.name.span, message)
            .label("released here")
            .also(theirs.event.name.span, "released there")
            .help(format!(
                "take that of {base}: {take}; if both sides released it, run `isobar release` again, and what is yours becomes \
                 the next version"
            ))
    }

    /// A released file and the lock, as they are seen from where the workspace is named.
    fn files(&self, release: &Release) -> [String; 2] {
        [release.path.as_str(), LOCK].map(|path| self.sources.seen(&format!("{FOLDER}/{path}")))
    }

    /// Says which drafts become another version, and what else goes wrong, once the releases of both sides are together.
    fn drafts(&self, together: &History, base: Base<'_>, found: &mut Diagnostics) {
        if self.diagnostics.has_errors() {
            return;
        }
        let mut wrong = Diagnostics::default();
        let evolutions = evolution::evolve(&self.model, together, true, &mut wrong);
        for (name, mine) in &self.evolutions {
            let (Some(draft), Some(merged)) = (mine.draft(), evolutions.get(name)) else { continue };
            let Some(after) = merged.newest().filter(|it| it.version != draft.version || !it.draft) else { continue };
            let message = match after.draft {
                true => format!(
                    "the draft of `{name}` is {} here, and {} beside what {base} released",
                    draft.version, after.version
                ),
                false => format!(
                    "the draft of `{name}`, {} here, is what {base} released as {}",
                    draft.version, after.version
                ),
            };
            found.push(
                Diagnostic::new(&codes::BASE_DRAFT, draft.event.name.span, message)
                    .help(format!("{} before the release", base.merge()))
                    .about(name),
            );
        }
        let told: HashSet<(&str, &str)> =
            self.diagnostics.iter().map(|it| (it.code.name, it.message.as_str())).collect();
        for mut finding in wrong.iter().filter(|it| it.severity() == Severity::Error).cloned() {
            if !told.contains(&(finding.code.name, finding.message.as_str())) {
                finding.message = format!("{}, once {base} is merged", finding.message);
                found.push(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests;
