extension HTMLWriter {
  /// A table whose rows become small cards on a narrow screen.
  mutating func table(_ id: String, _ columns: [Phrase], _ rows: (inout HTMLWriter) -> Void) {
    element("table", class: "rows", ["id": id]) { writer in
      writer.element("thead") { head in
        head.element("tr") { row in
          for column in columns { row.element("th", ["scope": "col"], column) }
        }
      }
      writer.markup("\n")
      writer.element("tbody") { rows(&$0) }
    }
  }

  /// A row, on a line of its own; `key` names it among its neighbours where the page is brought up to date.
  mutating func row(_ key: String, class style: String = "", _ cells: (inout HTMLWriter) -> Void) {
    element("tr", class: style, ["data-key": key]) { cells(&$0) }
    markup("\n")
  }

  /// A cell, which names its column where a narrow screen shows no headings.
  mutating func cell(_ column: Phrase, class style: String = "", _ content: (inout HTMLWriter) -> Void) {
    element("td", class: style, ["data-column": phrase(column)]) { content(&$0) }
  }

  mutating func cell(_ column: Phrase, class style: String = "", _ text: String) {
    cell(column, class: style) { $0.text(text) }
  }
}
