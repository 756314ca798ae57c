import Diagnostics
import Model
import Notifier
import Specs

extension TestRun {
  /// Whether what the tests of routes and messages need is there.
  func hasSurroundings(_ outcome: inout TestOutcome) -> Bool {
    guard let first = test.routes.first?.range ?? test.messages.first?.range else { return true }
    let check: TestFailure.Check = test.routes.isEmpty ? .messages : .route
    guard let surroundings = file.surroundings else {
      outcome.fail(
        check, at: first, check.rawValue,
        "routes and channels are those of a spec repository, and the file stands in none; move it below platform/ or "
          + "tenants/")
      return false
    }
    guard let unsound = surroundings.firstUnsound(from: owner) else { return true }
    outcome.fail(
      check, at: first, check.rawValue, "the specs of \(unsound) have errors; 'belfry check' tells which")
    return false
  }

  /// Compares where alerts go.
  func checkRoutes(_ outcome: inout TestOutcome) {
    guard let surroundings = file.surroundings, !test.routes.isEmpty else { return }
    let configuration = surroundings.configuration(at: test.start, externalURL: test.externalURL)
    for expectation in test.routes {
      let scope = expectation.scope ?? owner
      let labels = expectation.labels.filled(from: contexts.addedLabels(in: scope))
      let routes = configuration.routes(of: scope.owner)
      let nodes = routes.targets(of: labels, in: scope).map { routes[$0] }
      let preview = RoutePreview(of: labels, in: scope, through: routes)
      var lines = channelLines(expectation, preview, in: scope, surroundings, &outcome)
      if let groupBy = expectation.groupBy { lines += Self.groupLines(groupBy, nodes.map(\.groupBy)) }
      if let mentions = expectation.mentions {
        let got = nodes.flatMap(\.mentions)
        lines += Self.lines("mentions", Set(mentions), Set(got))
      }
      guard !lines.isEmpty else { continue }
      if preview.isUnrouted { lines.append(DifferenceLine(.both, "no route of \(scope) takes the alert")) }
      for step in preview.steps { lines.append(DifferenceLine(.both, Self.way(step))) }
      outcome.fail(
        .route, at: expectation.range, "route of \(expectation.labels)", "the alert goes elsewhere", lines)
    }
  }

  private func channelLines(
    _ expectation: RouteExpectation, _ preview: RoutePreview, in scope: Scope, _ surroundings: SpecSurroundings,
    _ outcome: inout TestOutcome
  ) -> [DifferenceLine] {
    var wanted: Set<ResourceID> = []
    var lines: [DifferenceLine] = []
    for name in expectation.channels {
      if let id = surroundings.channel(name.text, from: scope) {
        wanted.insert(id)
      } else {
        outcome.fail(
          .route, at: name.range, "route of \(expectation.labels)", Self.unknown(name.text, scope, surroundings))
      }
    }
    let got = Set(preview.channels)
    for id in wanted.subtracting(got).sorted() {
      lines.append(DifferenceLine(.expected, "channel " + surroundings.name(of: id, from: scope)))
    }
    for id in got.subtracting(wanted).sorted() {
      lines.append(DifferenceLine(.got, "channel " + surroundings.name(of: id, from: scope)))
    }
    return lines
  }

  static func unknown(_ name: String, _ scope: Scope, _ surroundings: SpecSurroundings) -> String {
    let names = surroundings.channelNames(from: scope)
    let near = nearest(to: name, in: names).map { "; did you mean '\($0)'?" }
    return "no channel is named '\(name)' in \(scope) or above it"
      + (near ?? (names.isEmpty ? "" : "; there are " + names.joined(separator: ", ")))
  }

  /// Where each route that takes the alert groups otherwise.
  private static func groupLines(_ expected: [String], _ got: [RouteNode.GroupBy]) -> [DifferenceLine] {
    got.flatMap { group -> [DifferenceLine] in
      switch group {
      case .all: expected == ["..."] ? [] : Self.lines("group_by", Set(expected), ["..."])
      case .labels(let names): Self.lines("group_by", Set(expected), Set(names))
      }
    }
  }

  private static func lines(_ word: String, _ expected: Set<String>, _ got: Set<String>) -> [DifferenceLine] {
    guard expected != got else { return [] }
    return [
      DifferenceLine(.expected, "\(word): [\(expected.sorted().joined(separator: ", "))]"),
      DifferenceLine(.got, "\(word): [\(got.sorted().joined(separator: ", "))]"),
    ]
  }

  /// `taken by route default of shop, routes[0] {severity="info"}`.
  private static func way(_ step: RoutePreview.Step) -> String {
    let place = step.path.map { "routes[\($0)]" }.joined(separator: ".")
    let matchers = step.matchers.isEmpty ? "" : " {" + step.matchers.map(\.description).joined(separator: ", ") + "}"
    return "taken by route \(step.route.name) of \(step.route.scope)" + (place.isEmpty ? "" : ", " + place) + matchers
  }

  /// Compares what channels were told.
  func checkMessages(_ outcome: inout TestOutcome) {
    guard let surroundings = file.surroundings, let told = notifications?.told else { return }
    for expectation in test.messages {
      let title = "messages to \(expectation.channel.text) after \(expectation.time.prometheus)"
      guard let channel = surroundings.channel(expectation.channel.text, from: owner) else {
        outcome.fail(
          .messages, at: expectation.channel.range, title, Self.unknown(expectation.channel.text, owner, surroundings))
        continue
      }
      let begin = expectation.since.map { test.start + $0 }
      let end = test.start + expectation.time
      let got = told.filter { message in
        message.channel == channel && message.time <= end && (begin.map { message.time > $0 } ?? true)
      }
      let difference = MessageDifference(
        expectation, got: got, from: test.start, implied: contexts.addedLabels)
      guard !difference.summary.isEmpty else { continue }
      outcome.fail(.messages, at: expectation.range, title, difference.summary, difference.lines)
    }
  }
}
