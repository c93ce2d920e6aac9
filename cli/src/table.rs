//! Tables as the commands print them: a line below the header, and as wide as the terminal.

use comfy_table::{ContentArrangement, LineStyle, Row, Table, TableStyle};

/// Columns of what is printed to no terminal.
const WIDTH: u16 = 120;
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// An empty table with this header. It is as wide as the terminal, or where standard output is none, or the text is for a file,
/// as wide as most screens.
pub(crate) fn new(header: impl Into<Row>, to_file: bool) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    if to_file || table.width().is_none() {
        table.set_width(WIDTH);
    }
    table
}
