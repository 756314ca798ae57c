import Model

/// Alerts to which the same happens, as one line of the report.
struct ConsequenceLine: Sendable {
  /// What happens: `resolves`, `goes to nobody`.
  let verb: String
  let name: String
  /// Why, or from what to what; may be empty.
  let detail: String
  private(set) var alerts: [AlertConsequence] = []

  /// The lines of a scope: by what happens, then by name, then by detail.
  static func lines(of alerts: [AlertConsequence]) -> [ConsequenceLine] {
    struct Key: Hashable {
      let rank: Int
      let verb: String
      let name: String
      let detail: String
    }
    var lines: [Key: ConsequenceLine] = [:]
    for alert in alerts {
      for (rank, verb, detail) in alert.told {
        let key = Key(rank: rank, verb: verb, name: alert.name, detail: detail)
        lines[key, default: ConsequenceLine(verb: verb, name: alert.name, detail: detail)].alerts.append(alert)
      }
    }
    return lines.sorted { left, right in
      (left.key.rank, left.key.name, left.key.detail) < (right.key.rank, right.key.name, right.key.detail)
    }.map(\.value)
  }

  /// The labels by which the alerts of a rule differ, of the first `limit`.
  func examples(_ limit: Int) -> [String] { alerts.prefix(limit).map(\.shownLabels) }
}

extension AlertConsequence {
  /// The labels that tell it apart, as in a selector: without the alert's name and its scope's labels.
  var shownLabels: String {
    var labels = (former ?? current)?.labels ?? .empty
    for name in ["alertname", "tenant", "project"] { labels[name] = "" }
    return labels.isEmpty ? "{}" : labels.description
  }

  /// What happens to it, each with the place of its sort in the report.
  fileprivate var told: [(rank: Int, verb: String, detail: String)] {
    var told: [(Int, String, String)] = []
    switch fate {
    case .kept: break
    case .resolves(let reason): told.append((0, "resolves", reason.rawValue))
    case .relabelled:
      let then = current?.state == .pending ? "pending anew" + awaitedWords : "fires anew"
      told.append((1, "changes labels", changes + "; " + then))
    case .carried: told.append((1, "changes labels", changes + "; keeps its clock"))
    case .stepsBack: told.append((2, "is pending again", "the new 'for' is longer than it has held"))
    case .fires: told.append((3, "fires at once", "the new 'for' is shorter"))
    case .runsOut: told.append((2, "runs out", "not true any more; fires on for 'keep_firing_for'"))
    case .begins:
      let to = after.map { ", to " + Self.words($0) } ?? awaitedWords
      told.append((3, current?.state == .firing ? "fires" : "is pending", "new" + to))
    case .unknown(let words): told.append((6, "not known", words))
    }
    guard movesChannels, let before, let after else { return told }
    let detail = Self.words(before) + " -> " + Self.words(after)
    if after.reasonForNobody != nil {
      told.append((4, "goes to nobody", detail))
    } else {
      told.append((5, before.told.isEmpty ? "is told again" : "goes to others", detail))
    }
    return told
  }

  private var awaitedWords: String {
    guard current?.state == .pending else { return "" }
    let names = awaited.map { "\($0.scope) \($0.name)" }
    return ", then to " + (names.isEmpty ? "nobody (no route)" : names.joined(separator: ", "))
  }

  private var changes: String {
    labelChanges.map { "\($0.name): \($0.before.orNone) -> \($0.after.orNone)" }.joined(separator: ", ")
  }

  /// Who is told: `shop oncall`, `nobody (silenced by shop Silence night)`.
  static func words(_ standing: AlertStanding) -> String {
    guard let reason = standing.reasonForNobody else {
      return standing.told.sorted().map { "\($0.scope) \($0.name)" }.joined(separator: ", ")
    }
    let causes = standing.causes.map(\.description).joined(separator: ", ")
    let destination = ChannelMatrix.Destination.nobody(reason).description
    return causes.isEmpty ? destination : destination.dropLast() + " by " + causes + ")"
  }
}

extension String {
  /// A word for an empty value.
  fileprivate var orNone: String { isEmpty ? "(none)" : self }
}
