//! Lists that come in pages: how an answer with one page is declared, and how all pages are read.

use super::call::{ResourceManager, pair};
use crate::core::answer::Answer;
use crate::core::rpc::Action;
use crate::error::Error;
use crate::sign::Pairs;

/// The most elements that one page may have; the service's default is ten.
const SIZE: u32 = 100;

/// A page of a list.
pub(super) trait Page: Answer {
    /// What the list has.
    type Element;
    /// Name of the list in the answer, for errors.
    const NAMES: &'static str;
    /// The length of the whole list, where the service tells it, and the elements of this page.
    fn elements(self) -> (Option<i64>, Vec<Self::Element>);
    /// What no other element has.
    fn id(element: &Self::Element) -> &str;
}

/// Declares an answer with a page of a list in it.
macro_rules! page {
    ($page:ident, $wrapper:ident, $outer:literal, $inner:literal, $item:ty, $id:ident, $id_name:literal) => {
        #[derive(serde::Deserialize)]
        struct $page {
            #[serde(
                rename = "TotalCount",
                default,
                deserialize_with = "crate::core::lenient::number_or_unset"
            )]
            total_count: Option<i64>,
            #[serde(rename = $outer)]
            list: $wrapper,
        }

        #[derive(serde::Deserialize)]
        struct $wrapper {
            #[serde(rename = $inner, default, deserialize_with = "crate::core::lenient::list_or_unset")]
            items: Option<Vec<$item>>,
        }

        impl $crate::core::answer::Answer for $page {
            fn check(&self, _: &str) -> Result<(), $crate::core::answer::Unexpected> {
                let member = concat!($outer, ".", $inner);
                $crate::core::answer::listed(member, self.list.items.as_ref(), $id_name, |item| &item.$id)
            }
        }

        impl $crate::resource_manager::page::Page for $page {
            type Element = $item;
            const NAMES: &'static str = $outer;

            fn elements(self) -> (Option<i64>, Vec<$item>) {
                (self.total_count, self.list.items.unwrap_or_default())
            }

            fn id(item: &$item) -> &str {
                &item.$id
            }
        }
    };
}

pub(super) use page;

impl ResourceManager {
    /// All elements of a list that comes in pages.
    pub(super) async fn list<P: Page>(
        &self,
        action: Action,
        parameters: &Pairs,
    ) -> Result<Vec<P::Element>, Error> {
        let mut all: Vec<P::Element> = Vec::new();
        for number in 1_u32.. {
            let mut parameters = parameters.clone();
            parameters.extend(pair("PageNumber", &number.to_string()));
            parameters.extend(pair("PageSize", &SIZE.to_string()));
            let page: P = self.ask_directory(action, parameters, "").await?;
            let (total, mut elements) = page.elements();
            let Some(total) = total else {
                // A page that brings nothing new is one too many, whether it is empty or an earlier one again.
                elements.retain(|element| all.iter().all(|known| P::id(known) != P::id(element)));
                if elements.is_empty() {
                    break;
                }
                all.extend(elements);
                continue;
            };
            let last = elements.is_empty();
            all.extend(elements);
            // The total says when it is done even if the service gives smaller pages than asked for.
            if usize::try_from(total).is_ok_and(|total| all.len() >= total) {
                break;
            }
            if last {
                // Half a list would pass for all of it.
                return Err(Error::UnexpectedAnswer {
                    service: self.directory().service,
                    action: action.name,
                    detail: format!(
                        "there are {} {} on its pages, and {total} by TotalCount",
                        all.len(),
                        P::NAMES
                    ),
                    request_id: None,
                });
            }
        }
        Ok(all)
    }
}
