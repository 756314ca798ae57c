import Model
import Reconciler
import Specs

/// The report as one comment for a pull request.
///
/// It keeps to ``limit``: unchanged context goes first, then the bodies of scopes, the longest first, never the totals.
struct DiffMarkdown {
  /// In bytes of UTF-8, and so no less in characters; GitHub takes 65,536 characters.
  static let limit = 65_000
  /// How many rows a table of totals may have.
  private static let rows = 100

  let report: DiffReport
  /// The hidden first line, by which a later comment finds this one.
  let marker: String
  let isSummary: Bool

  var text: String {
    let head = head
    let foot = foot
    let sections = isSummary ? [] : report.sections
    let whole = sections.map { MarkdownSection($0).text(withContext: true) }
    if size(head, whole, foot) <= Self.limit { return head + whole.joined(separator: "\n") + foot }
    let room = Self.limit - head.utf8.count - foot.utf8.count - 400
    let bare = sections.map { MarkdownSection($0).text(withContext: false) }
    return head + fit(bare, sections, room) + foot
  }

  private func size(_ head: String, _ sections: [String], _ foot: String) -> Int {
    head.utf8.count + sections.reduce(0) { $0 + $1.utf8.count + 1 } + foot.utf8.count
  }

  /// As many of the bodies as there is room for, the shortest first, in their places.
  private func fit(_ bodies: [String], _ sections: [DiffReport.Section], _ room: Int) -> String {
    var left = room
    var shown: Set<Int> = []
    for index in bodies.indices.sorted(by: { (bodies[$0].utf8.count, $0) < (bodies[$1].utf8.count, $1) }) {
      guard bodies[index].utf8.count + 1 <= left else { break }
      left -= bodies[index].utf8.count + 1
      shown.insert(index)
    }
    let text = bodies.indices.filter(shown.contains).map { bodies[$0] }.joined(separator: "\n")
    guard shown.count < bodies.count else {
      return "Unchanged context is left out, for length.\n\n" + text
    }
    let missing = bodies.indices.filter { !shown.contains($0) }.map { sections[$0].scope.description }
    let names = missing.prefix(5).map(MarkdownText.code).joined(separator: ", ")
    return "Left out, for length: unchanged context, and the details of \(missing.count) of \(bodies.count) scopes "
      + "(\(names)\(missing.count > 5 ? ", …" : "")). `belfry diff --format json` has all.\n\n" + text
  }

  // MARK: Totals

  private var head: String {
    var text = "<!-- \(marker) -->\n## Belfry: \(title)\n\n"
    if let live = report.ends.live {
      text += "Compared with what \(MarkdownText.code(live)) has live"
    } else {
      text += "Compared with \(MarkdownText.code(report.ends.base))"
    }
    text += ", at \(report.observedAt).\n\n"
    if report.findings != nil {
      let words = report.totals.words
      text +=
        words.isEmpty
        ? "Nothing happens to the alerts that are pending or fire now.\n\n"
        : "**Alerts now:** " + words.joined(separator: ", ") + ".\n\n"
    }
    return text + scopeTable + matrix
  }

  private var title: String {
    if report.hasNoEffect { return "no effective change" }
    let held = report.plan.scopes.filter { $0.decision != .apply }.count
    let (create, update, move, delete) = report.plan.counts
    let parts = [(create, "to create"), (update, "to update"), (move, "to move"), (delete, "to delete")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let changes = parts.isEmpty ? "nothing to apply" : parts.joined(separator: ", ")
    return held == 0 ? changes : changes + "; \(held) held"
  }

  private var scopeTable: String {
    let sections = report.sections
    guard !sections.isEmpty else { return "" }
    var text = MarkdownText.row([
      "scope", "", "create", "update", "move", "delete", "resolve", "begin", "other channels", "nobody",
    ])
    text += MarkdownText.row(["---", "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:"])
    for section in sections.prefix(Self.rows) {
      text += row([MarkdownText.code(section.scope.description), section.standing], [section])
    }
    let rest = sections.dropFirst(Self.rows)
    if !rest.isEmpty { text += row(["and \(rest.count) more", ""], Array(rest)) }
    return text + "\n"
  }

  private func row(_ name: [String], _ sections: [DiffReport.Section]) -> String {
    let totals = ConsequenceTotals(sections.flatMap(\.alerts))
    let counts = sections.flatMap { $0.plan?.steps ?? [] }.counts
    var cells = name + [counts.create, counts.update, counts.move, counts.delete].map(Self.cell)
    let alerts = [totals.resolve, totals.begin, totals.reroute, totals.toNobody]
    cells += alerts.map { report.findings == nil ? "" : Self.cell($0) }
    return MarkdownText.row(cells)
  }

  private static func cell(_ number: Int) -> String { number == 0 ? "·" : "\(number)" }

  private var matrix: String {
    guard let matrix = report.findings?.consequences.matrix, !matrix.moves.isEmpty else { return "" }
    var text = "**Who is told of the alerts that fire**\n\n"
    text += MarkdownText.row(["told to", "before", "after"]) + MarkdownText.row(["---", "--:", "--:"])
    for row in matrix.changed.prefix(Self.rows) {
      text += MarkdownText.row([MarkdownText.code(row.destination.description), "\(row.before)", "\(row.after)"])
    }
    text += "\n" + MarkdownText.row(["from", "to", "alerts"]) + MarkdownText.row(["---", "---", "--:"])
    let moves = matrix.sortedMoves
    for (move, alerts) in moves.prefix(Self.rows) {
      let ends = [move.from, move.to].map {
        $0.prefix(5).map { MarkdownText.code($0.description) }.joined(separator: " ")
      }
      text += MarkdownText.row(ends + ["\(alerts)"])
    }
    let more = max(0, matrix.changed.count - Self.rows) + max(0, moves.count - Self.rows)
    if more > 0 { text += "\nand \(more) more rows\n" }
    return text + "\n"
  }

  private var foot: String {
    "\nA line for the merge commit, by which the controller says afterwards whether it applied this plan:\n\n"
      + MarkdownText.block([report.trailer], language: "")
  }
}

extension DiffReport.Section {
  /// In the table of totals: whether the scope follows.
  fileprivate var standing: String {
    switch plan?.decision {
    case .apply, nil: ""
    case .hold(let reason): "**Held: \(reason.rawValue)**"
    case .suspend: "Suspended"
    }
  }
}
