import JSON
import Model

/// What a comparison found, for people and for programs.
struct ComparisonReport {
  private let comparison: AlertmanagerComparison

  init(_ comparison: AlertmanagerComparison) {
    self.comparison = comparison
  }

  var text: String {
    var lines: [String] = []
    for finding in comparison.differences { lines.append(Self.line(finding)) }
    let passing = comparison.passing.count
    if !lines.isEmpty { lines.append("") }
    lines.append(
      Self.count(comparison.differences.count, "difference") + " in " + Self.count(comparison.looks, "look") + " at "
        + Self.count(comparison.alertCount, "alert") + " in " + Self.count(comparison.groupCount, "group")
        + (passing > 0 ? "; \(passing) more lasted for less than \(comparison.patience.prometheus)" : ""))
    return lines.joined(separator: "\n")
  }

  private static func count(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  private static func line(_ finding: AlertmanagerComparison.Finding) -> String {
    let difference = finding.difference
    let side = difference.only == .belfry ? "Belfry" : "Alertmanager"
    let what =
      switch difference.subject {
      case .alert: "only \(side) has alert"
      case .muting: "only \(side) tells alert"
      case .group: "only \(side) has group"
      }
    let time = "\(finding.firstSeen) to \(finding.isOpen ? "now" : finding.lastSeen.description)"
    return "\(what) \(difference.labels)  (\(time), \(count(finding.looks, "look")))"
  }

  var json: JSONValue {
    .object([
      .init("looks", .integer(Int64(comparison.looks))), .init("alerts", .integer(Int64(comparison.alertCount))),
      .init("groups", .integer(Int64(comparison.groupCount))),
      .init("differences", .array(comparison.differences.map(Self.value))),
      .init("passing", .array(comparison.passing.map(Self.value))),
    ])
  }

  private static func value(_ finding: AlertmanagerComparison.Finding) -> JSONValue {
    .object([
      .init("subject", .string(finding.difference.subject.rawValue)),
      .init("only", .string(finding.difference.only.rawValue)),
      .init("labels", .object(finding.difference.labels.pairs.map { .init($0.name, .string($0.value)) })),
      .init("firstSeen", .string(finding.firstSeen.description)),
      .init("lastSeen", .string(finding.lastSeen.description)), .init("looks", .integer(Int64(finding.looks))),
      .init("open", .bool(finding.isOpen)),
    ])
  }
}
