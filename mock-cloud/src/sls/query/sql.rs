//! Running a SELECT over logs: filter, group, aggregate, sort, cut.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Value;

use super::super::error::Error;
use super::super::state::Log;
use super::Row;
use super::fields::{self, Field, Kind};
use super::matching::like;
use super::sql_parse::{self, Select, Sql, refuse};
use super::value::SqlValue;

/// Rows of an answer without LIMIT (SLS developer guide, "LIMIT clause").
const DEFAULT_ROWS: usize = 100;

/// A SELECT made ready for an index.
pub(in super::super) struct Statement {
    select: Select,
    fields: BTreeMap<String, Field>,
}

impl Statement {
    /// Reads a statement and resolves its columns; SQL reads only fields whose index has analytics on.
    pub(in super::super) fn parse(text: &str, index: &Value) -> Result<Statement, Error> {
        let select = sql_parse::parse(text)?;
        let mut fields = BTreeMap::new();
        let rows = select.columns.iter().map(|(column, _)| column).chain(&select.filter).chain(&select.group);
        let mut used = Vec::new();
        rows.for_each(|expr| columns(expr, &mut used));
        // HAVING and ORDER BY may use the names that the answer has.
        let mut later = Vec::new();
        select
            .having
            .iter()
            .chain(select.order.iter().map(|(expr, _)| expr))
            .for_each(|expr| columns(expr, &mut later));
        later.retain(|(name, _)| !select.columns.iter().any(|(_, alias)| alias == name));
        for (name, at) in used.into_iter().chain(later) {
            let field = fields::find(index, &name).filter(|field| field.analytics).ok_or_else(|| {
                refuse(format!(
                    "line 1:{at}: Column '{name}' cannot be resolved;please add the column in the index attribute"
                ))
            })?;
            fields.insert(name, field);
        }
        let statement = Statement { select, fields };
        statement.check_aggregates()?;
        Ok(statement)
    }

    fn is_grouped(&self) -> bool {
        let select = &self.select;
        !select.group.is_empty() || select.columns.iter().any(|(column, _)| has_aggregate(column))
    }

    /// Next to aggregates only grouped columns can stand, and WHERE can hold none.
    fn check_aggregates(&self) -> Result<(), Error> {
        let select = &self.select;
        if select.filter.as_ref().is_some_and(has_aggregate) {
            return Err(refuse("WHERE clause cannot contain aggregations"));
        }
        if !self.is_grouped() {
            return match select.having {
                Some(_) => Err(refuse("HAVING needs an aggregation")),
                None => Ok(()),
            };
        }
        let stray =
            |expr: &Sql| !has_aggregate(expr) && matches!(expr, Sql::Column(..)) && !self.groups_by(expr);
        match select.columns.iter().find(|(column, _)| stray(column)) {
            Some((_, name)) => {
                Err(refuse(format!("'{name}' must be an aggregate expression or appear in GROUP BY clause")))
            }
            None => Ok(()),
        }
    }

    fn groups_by(&self, expr: &Sql) -> bool {
        let Sql::Column(name, _) = expr else { return false };
        self.select.group.iter().any(|group| match group {
            Sql::Column(grouped, _) => {
                grouped == name
                    || self.select.columns.iter().any(|(column, alias)| alias == grouped && column == expr)
            }
            _ => false,
        })
    }

    /// The rows that the statement makes of the logs.
    pub(in super::super) fn run(&self, logs: &[&Log]) -> Result<Vec<Row>, Error> {
        let select = &self.select;
        let logs = logs.iter().copied().filter(|log| {
            select
                .filter
                .as_ref()
                .is_none_or(|filter| self.evaluate(filter, &[*log], &BTreeMap::new()).is_true())
        });
        let mut rows = Vec::new();
        for group in self.groups(logs.collect()) {
            let mut named = BTreeMap::new();
            for (column, name) in &select.columns {
                named.insert(name.clone(), self.evaluate(column, &group, &BTreeMap::new()));
            }
            if select.having.as_ref().is_some_and(|having| !self.evaluate(having, &group, &named).is_true()) {
                continue;
            }
            let keys: Vec<SqlValue> =
                select.order.iter().map(|(expr, _)| self.evaluate(expr, &group, &named)).collect();
            rows.push((keys, named));
        }
        rows.sort_by(|(one, _), (two, _)| {
            let pairs = one.iter().zip(two).zip(&select.order);
            let mut orders = pairs.map(
                |((one, two), (_, descending))| {
                    if *descending { two.sort(one) } else { one.sort(two) }
                },
            );
            orders.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        let (skip, take) = select.limit.unwrap_or((0, DEFAULT_ROWS));
        let page = rows.into_iter().skip(skip).take(take);
        Ok(page.map(|(_, row)| row.into_iter().map(|(name, value)| (name, value.show())).collect()).collect())
    }

    /// The groups of logs that make one row each: a log of its own without aggregates, everything without GROUP BY
    /// (even when that is nothing).
    fn groups<'l>(&self, logs: Vec<&'l Log>) -> Vec<Vec<&'l Log>> {
        if !self.is_grouped() {
            return logs.into_iter().map(|log| vec![log]).collect();
        }
        if self.select.group.is_empty() {
            return vec![logs];
        }
        let mut groups: BTreeMap<Vec<String>, Vec<&Log>> = BTreeMap::new();
        for log in logs {
            let key =
                self.select.group.iter().map(|expr| self.evaluate(expr, &[log], &BTreeMap::new()).show());
            groups.entry(key.collect()).or_default().push(log);
        }
        groups.into_values().collect()
    }

    /// The value of an expression for a group of logs; a column is that of its first log or a name of the answer.
    fn evaluate(&self, expr: &Sql, group: &[&Log], named: &BTreeMap<String, SqlValue>) -> SqlValue {
        let value = |expr: &Sql| self.evaluate(expr, group, named);
        let truth = |known: Option<bool>| known.map_or(SqlValue::Null, SqlValue::Bool);
        match expr {
            Sql::Text(text) => SqlValue::Text(text.clone()),
            Sql::Number(number) => SqlValue::Number(*number),
            Sql::Column(name, _) => match named.get(name) {
                Some(known) => known.clone(),
                None => group.first().map_or(SqlValue::Null, |log| self.column(name, log)),
            },
            Sql::Aggregate(name, argument) => self.aggregate(name, argument.as_deref(), group),
            Sql::Compare(sign, left, right) => {
                truth(value(left).compare(&value(right)).map(|order| match *sign {
                    "=" => order.is_eq(),
                    "<>" => order.is_ne(),
                    "<" => order.is_lt(),
                    "<=" => order.is_le(),
                    ">" => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
            Sql::And(left, right) => SqlValue::Bool(value(left).is_true() && value(right).is_true()),
            Sql::Or(left, right) => SqlValue::Bool(value(left).is_true() || value(right).is_true()),
            Sql::Not(inner) => match value(inner) {
                SqlValue::Bool(known) => SqlValue::Bool(!known),
                _ => SqlValue::Null,
            },
            Sql::Like(left, right) => match (value(left), value(right)) {
                (SqlValue::Null, _) | (_, SqlValue::Null) => SqlValue::Null,
                (text, pattern) => SqlValue::Bool(like(&pattern.show(), &text.show(), '%', '_')),
            },
            Sql::In(left, list) => {
                let left = value(left);
                truth((left != SqlValue::Null).then(|| {
                    list.iter().any(|item| left.compare(&value(item)).is_some_and(std::cmp::Ordering::is_eq))
                }))
            }
            Sql::IsNull(inner) => SqlValue::Bool(value(inner) == SqlValue::Null),
        }
    }

    fn column(&self, name: &str, log: &Log) -> SqlValue {
        let found = self.fields.get(name).and_then(|field| Some((field.kind, field.value(log)?)));
        match found {
            None => SqlValue::Null,
            Some((Kind::Text, text)) => SqlValue::Text(text),
            Some((Kind::Number, text)) => text.trim().parse().map_or(SqlValue::Null, SqlValue::Number),
        }
    }

    fn aggregate(&self, name: &str, argument: Option<&Sql>, group: &[&Log]) -> SqlValue {
        let Some(argument) = argument else { return SqlValue::Number(group.len() as f64) };
        let values = group.iter().map(|log| self.evaluate(argument, &[*log], &BTreeMap::new()));
        let values: Vec<SqlValue> = values.filter(|value| *value != SqlValue::Null).collect();
        let numbers = || values.iter().filter_map(SqlValue::number);
        let total = numbers().sum::<f64>();
        match name {
            "count" => SqlValue::Number(values.len() as f64),
            "approx_distinct" => {
                SqlValue::Number(values.iter().map(SqlValue::show).collect::<BTreeSet<_>>().len() as f64)
            }
            "max" => values.into_iter().max_by(|one, two| one.sort(two)).unwrap_or(SqlValue::Null),
            "min" => values.into_iter().min_by(|one, two| one.sort(two)).unwrap_or(SqlValue::Null),
            "sum" if numbers().next().is_some() => SqlValue::Number(total),
            "avg" if numbers().next().is_some() => SqlValue::Number(total / numbers().count() as f64),
            _ => SqlValue::Null,
        }
    }
}

fn has_aggregate(expr: &Sql) -> bool {
    match expr {
        Sql::Aggregate(..) => true,
        Sql::Column(..) | Sql::Text(_) | Sql::Number(_) => false,
        Sql::Not(inner) | Sql::IsNull(inner) => has_aggregate(inner),
        Sql::Compare(_, left, right)
        | Sql::And(left, right)
        | Sql::Or(left, right)
        | Sql::Like(left, right) => has_aggregate(left) || has_aggregate(right),
        Sql::In(left, list) => has_aggregate(left) || list.iter().any(has_aggregate),
    }
}

/// The columns that an expression names, with their positions.
fn columns(expr: &Sql, found: &mut Vec<(String, usize)>) {
    match expr {
        Sql::Column(name, at) => found.push((name.clone(), *at)),
        Sql::Text(_) | Sql::Number(_) => {}
        Sql::Aggregate(_, argument) => argument.iter().for_each(|argument| columns(argument, found)),
        Sql::Not(inner) | Sql::IsNull(inner) => columns(inner, found),
        Sql::Compare(_, left, right)
        | Sql::And(left, right)
        | Sql::Or(left, right)
        | Sql::Like(left, right) => {
            columns(left, found);
            columns(right, found);
        }
        Sql::In(left, list) => {
            columns(left, found);
            list.iter().for_each(|item| columns(item, found));
        }
    }
}
