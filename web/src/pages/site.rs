//! Which page an address means. Pages are made of checked workspaces and of nothing else that could change under them, so that the server
//! and the export of static files make the same ones.

use super::{board_page, home, page::Page};
use isobar_registry::Workspace;
use std::sync::Arc;

/// A workspace that is shown, under the name it was pushed with.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) workspace: Arc<Workspace>,
}

/// Everything that is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    pub(crate) workspaces: Vec<Shown>,
}

impl Shown {
    /// The address of a page of this workspace.
    pub(crate) fn href(&self, rest: &str) -> String {
        let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
        format!("/w/{}{rest}", escaped(&self.name))
    }
}

/// A name as a part of an address.
pub(crate) fn escaped(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'@');
    name.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Site {
    /// The page of an address, without its ending; none where there is no such page. The parts of the address are decoded.
    pub(crate) fn page(&self, path: &[&str]) -> Option<Page> {
        match path {
            [] => Some(home::page(self)),
            ["w", name, rest @ ..] => {
                let shown = self.workspaces.iter().find(|it| it.name == *name)?;
                self.of_workspace(shown, rest)
            }
            _ => None,
        }
    }

    fn of_workspace(&self, shown: &Shown, path: &[&str]) -> Option<Page> {
        match path {
            [] | ["board"] => Some(board_page::page(shown)),
            _ => None,
        }
    }
}
