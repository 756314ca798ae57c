import ArgumentParser

/// What every command that asks a controller takes.
struct ClientOptions: ParsableArguments {
  /// How answers are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "The controller's address (or BELFRY_URL; default: http://127.0.0.1:8080).")
  var url: String?
  @Option(help: "A token that may read (or BELFRY_TOKEN).")
  var token: String?
  @Option(help: "How the answer is printed.")
  var format = Format.text

  func client() throws -> StatusClient {
    try StatusClient(url: url ?? environment("BELFRY_URL") ?? "http://127.0.0.1:8080", token: token)
  }
}

/// Text in columns, each as wide as its widest cell; the last isn't padded.
struct Table {
  private var rows: [[String]]

  init(_ header: [String]) {
    rows = [header]
  }

  mutating func row(_ cells: [String]) {
    rows.append(cells)
  }

  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].unicodeScalars.count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = column == row.count - 1 ? 0 : widths[column] - cell.unicodeScalars.count
        return cell + String(repeating: " ", count: padding)
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}
