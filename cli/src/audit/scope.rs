//! Which accounts are looked at, and how each is got into.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use alibaba::Client;
use alibaba::sts::{AssumeRole, MEMBER_ROLE};
use baseline::OrganizationFacts;
use baseline::audit::Target;
use sha2::{Digest, Sha256};

use crate::cloud::Connection;
use crate::failure::Failure;
use crate::report::Shard;

/// Variables of engines that run a job in parts: index, number of parts, and what the first index is.
const ENGINES: [(&str, &str, u32); 2] =
    [("CI_NODE_INDEX", "CI_NODE_TOTAL", 1), ("JOB_COMPLETION_INDEX", "ALITRAIL_SHARDS", 0)];

/// Which accounts are looked at: the caller's own, unless these say more.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Accounts")]
pub struct Arguments {
    /// An account to look at. Repeatable.
    #[arg(long = "account", value_name = "ID", value_parser = account_id)]
    accounts: Vec<String>,

    /// All accounts of a folder of the Resource Directory and of the folders below. Repeatable.
    #[arg(long = "folder", value_name = "ID")]
    folders: Vec<String>,

    /// All accounts of the Resource Directory, and the organization itself.
    #[arg(long)]
    organization: bool,

    /// An account to leave out. Repeatable.
    #[arg(long = "exclude-account", value_name = "ID", value_parser = account_id)]
    excluded: Vec<String>,

    /// Name of the role to assume in other accounts.
    #[arg(long, value_name = "NAME", default_value = MEMBER_ROLE)]
    member_role: String,

    /// How many accounts are looked at at the same time.
    #[arg(long, value_name = "NUMBER", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=256))]
    parallel: u16,

    /// Look at one of several parts of the accounts only, such as 2/4. Default: that of CI_NODE_INDEX and CI_NODE_TOTAL, or
    /// of JOB_COMPLETION_INDEX (which counts from 0) with the number of parts in ALITRAIL_SHARDS.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
}

/// The accounts that are looked at.
#[derive(Debug)]
pub struct Scope {
    /// In the order of their ids.
    pub targets: Vec<Target>,
    /// The organization, where one was read.
    pub organization: Option<OrganizationFacts>,
    /// The part of it.
    pub shard: Option<Shard>,
    /// How many accounts are looked at at the same time.
    pub parallel: usize,
    /// Gets into accounts.
    pub members: Members,
}

/// The sessions of a command in other accounts.
#[derive(Debug, Clone, Copy)]
pub struct Sessions {
    /// Their name, by which their events are recognised.
    pub name: &'static str,
    /// How many are kept for accounts that are entered again. Each takes some memory, and each that is not there a call.
    pub kept: usize,
}

/// Makes the clients of accounts.
#[derive(Debug, Clone)]
pub struct Members {
    home: Client,
    caller: String,
    role: String,
    session: Sessions,
    /// Those that were made, so that a role is assumed once.
    made: Arc<Mutex<HashMap<String, Client>>>,
}

impl Members {
    /// The client of an account: the caller's own, or one that assumes the role there.
    ///
    /// # Errors
    /// Why the role cannot be assumed, in one line.
    pub async fn connect(&self, target: Target) -> Result<Client, String> {
        if target.account == self.caller {
            return Ok(self.home.clone());
        }
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made().get(&target.account) {
            return Ok(client.with_own_reads());
        }
        let role = AssumeRole::of(&target.account, &self.role, self.session.name);
        let member = self.home.assuming(role).map_err(|error| error.to_string())?;
        member.authenticate().await.map_err(|error| one_line(&error.to_string()))?;
        let own = member.with_own_reads();
        let mut made = made();
        if made.len() >= self.session.kept {
            made.clear();
        }
        made.insert(target.account, member);
        Ok(own)
    }
}

impl Arguments {
    /// Finds the accounts. Reads the directory where accounts of it are asked for.
    ///
    /// # Errors
    /// The caller is not known, or the directory cannot be read.
    pub async fn resolve(
        &self,
        connection: &Connection,
        options: &baseline::collect::Options,
        session: Sessions,
    ) -> Result<Scope, Failure> {
        let shard = match self.shard {
            Some(shard) => Some(shard),
            None => shard_of(|name| std::env::var(name).ok())?,
        };
        let client = &connection.client;
        let caller = client.account_id().await.map_err(|error| {
            Failure::not_looked_at(format!("the account of the credentials is not known: {error}"))
                .with_hint("`alitrail doctor` says what is wrong with credentials and endpoints.")
        })?;
        let reads_directory = self.organization || !self.folders.is_empty();
        let mut organization = None;
        if reads_directory {
            let facts = baseline::collect::organization(client, &caller, options).await.map_err(|error| {
                let failure = Failure::not_looked_at(error.to_string());
                match (&error.action, error.is_not_enabled) {
                    (_, true) => failure.with_hint(
                        "the account belongs to no Resource Directory: leave out --organization and --folder.",
                    ),
                    (Some(action), _) => failure.with_hint(format!("allow {action} for the caller.")),
                    _ => failure,
                }
            })?;
            organization = Some(facts);
        }
        let mut targets = self.targets(&caller, organization.as_ref())?;
        targets.retain(|account, _| !self.excluded.contains(account));
        if let Some(shard) = shard {
            targets.retain(|account, _| part_of(account, shard.total) == shard.index);
            let part: BTreeSet<String> = targets.keys().cloned().collect();
            organization.iter_mut().for_each(|facts| facts.part = Some(part.clone()));
        } else if !self.excluded.is_empty()
            && let Some(facts) = &mut organization
        {
            facts.part = Some(targets.keys().cloned().collect());
        }
        // The rules about the organization are judged where the whole of it is asked for.
        let organization = organization.filter(|_| self.organization);
        let targets = targets.into_iter().map(|(account, name)| Target { account, name }).collect();
        let members = Members {
            home: client.clone(),
            caller,
            role: self.member_role.clone(),
            session,
            made: Arc::default(),
        };
        Ok(Scope { targets, organization, shard, parallel: self.parallel.into(), members })
    }

    fn targets(
        &self,
        caller: &str,
        organization: Option<&OrganizationFacts>,
    ) -> Result<BTreeMap<String, Option<String>>, Failure> {
        let mut targets: BTreeMap<String, Option<String>> =
            self.accounts.iter().map(|account| (account.clone(), None)).collect();
        if let Some(facts) = organization {
            let Some(members) = facts.members.known() else {
                return Err(Failure::not_looked_at(
                    "the accounts of the Resource Directory cannot be listed",
                )
                .with_hint("allow resourcemanager:ListAccounts for the caller."));
            };
            for folder in &self.folders {
                if !members.iter().any(|member| member.folders.contains(folder)) {
                    return Err(Failure::usage(format!("no account is in a folder {folder:?}")));
                }
            }
            let is_meant = |folders: &[String]| {
                self.organization || folders.iter().any(|folder| self.folders.contains(folder))
            };
            let meant = members.iter().filter(|member| is_meant(&member.folders));
            targets.extend(meant.map(|member| (member.account.clone(), member.name.clone())));
            if self.organization {
                targets.insert(facts.management_account.clone(), None);
            }
        }
        if targets.is_empty() {
            targets.insert(caller.to_owned(), None);
        }
        Ok(targets)
    }
}

/// The part that an account belongs to, from 1: always the same for the same number of parts.
fn part_of(account: &str, total: u32) -> u32 {
    let digest = Sha256::digest(account.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    u32::try_from(number % u64::from(total.max(1))).unwrap_or_default() + 1
}

fn shard(text: &str) -> Result<Shard, String> {
    let wrong = || "write I/N with I from 1 to N, such as 2/4".to_owned();
    let (index, total) = text.split_once('/').ok_or_else(wrong)?;
    let (index, total) = (index.parse().map_err(|_| wrong())?, total.parse().map_err(|_| wrong())?);
    if index == 0 || index > total {
        return Err(wrong());
    }
    Ok(Shard { index, total })
}

/// The part that an engine gives this process.
fn shard_of(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Shard>, Failure> {
    for (index_name, total_name, first) in ENGINES {
        let Some(index) = variable(index_name).filter(|value| !value.is_empty()) else { continue };
        let Some(total) = variable(total_name).filter(|value| !value.is_empty()) else {
            return Err(Failure::usage(format!(
                "{index_name} is {index:?}, and {total_name} is not set: it is not known how many parts there are"
            ))
            .with_hint(format!("set {total_name}, or --shard I/N.")));
        };
        let parsed = index.parse::<u32>().ok().and_then(|index| index.checked_add(1 - first));
        let text = format!("{}/{total}", parsed.map_or_else(|| index.clone(), |index| index.to_string()));
        return match shard(&text) {
            Ok(shard) => Ok(Some(shard)),
            Err(_) => Err(Failure::usage(format!(
                "{index_name} is {index:?} and {total_name} is {total:?}, which is no part of a whole"
            ))),
        };
    }
    Ok(None)
}

fn account_id(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err("an account id has digits only, such as 1234567890123456".to_owned())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_given_by_argument_or_engine() {
        assert_eq!(shard("2/4"), Ok(Shard { index: 2, total: 4 }));
        for text in ["0/4", "5/4", "2", "a/b", "2/", ""] {
            assert!(shard(text).is_err(), "{text}");
        }
        let engine = |set: &[(&str, &str)]| {
            let set: BTreeMap<String, String> =
                set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            shard_of(move |name| set.get(name).cloned()).map_err(|failure| failure.exit_code())
        };
        assert_eq!(engine(&[]), Ok(None));
        let third = Some(Shard { index: 3, total: 4 });
        assert_eq!(engine(&[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "4")]), Ok(third));
        assert_eq!(engine(&[("JOB_COMPLETION_INDEX", "2"), ("ALITRAIL_SHARDS", "4")]), Ok(third));
        assert_eq!(engine(&[("JOB_COMPLETION_INDEX", "2")]), Err(64));
        assert_eq!(engine(&[("CI_NODE_INDEX", "5"), ("CI_NODE_TOTAL", "4")]), Err(64));
        assert_eq!(engine(&[("CI_NODE_INDEX", "x"), ("CI_NODE_TOTAL", "4")]), Err(64));
    }

    #[test]
    fn every_account_is_in_one_part_and_stays_there() {
        let accounts: Vec<String> = (0..400_u64).map(|n| (1_000_000_000_000_000 + n).to_string()).collect();
        for account in &accounts {
            assert!((1..=4).contains(&part_of(account, 4)));
        }
        for index in 1..=4 {
            let count = accounts.iter().filter(|account| part_of(account, 4) == index).count();
            assert!((60..=140).contains(&count), "part {index} has {count}");
        }
        // Kept for good: parts of one audit may be run by different releases.
        assert_eq!(part_of("1000000000000001", 4), 3);
        assert_eq!(part_of("1234567890123456", 1), 1);
    }
}
