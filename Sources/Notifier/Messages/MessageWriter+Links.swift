import Model

extension MessageWriter {
  static let runbookNames = ["runbook_url", "runbook"]
  static let dashboardNames = ["dashboard_url", "dashboard"]

  // MARK: Links

  /// The controller's page, and what all alerts share.
  var links: [MessageContent.Link] {
    let own = link(words.view, post.first.externalURL, .view)
    guard !post.isDigest else { return own }
    return own + annotated(commonAnnotations) + link(words.graph, sharedGraph ?? "", .graph)
  }

  /// What only this alert has.
  func ownLinks(of alert: Alert, _ rest: [Label]) -> [MessageContent.Link] {
    annotated(rest) + (sharedGraph == nil ? link(words.graph, alert.generatorURL, .graph) : [])
  }

  /// The address of the expression where it is the same for all alerts that are shown, as it is within one rule.
  private var sharedGraph: String? {
    let shown = post.first.alerts.prefix(MessageContent.itemLimit)
    guard let url = shown.first?.generatorURL, shown.allSatisfy({ $0.generatorURL == url }) else { return nil }
    return url
  }

  private func annotated(_ annotations: [Label]) -> [MessageContent.Link] {
    func first(_ names: [String], _ title: String, _ kind: MessageContent.Link.Kind) -> [MessageContent.Link] {
      for name in names {
        if let annotation = annotations.first(where: { $0.name == name }), annotation.value.webLink != nil {
          return link(title, annotation.value, kind)
        }
      }
      return []
    }
    return first(Self.runbookNames, words.runbook, .runbook)
      + first(Self.dashboardNames, words.dashboard, .dashboard)
  }

  private func link(_ title: String, _ url: String, _ kind: MessageContent.Link.Kind) -> [MessageContent.Link] {
    url.webLink.map { [MessageContent.Link(title: title, url: $0, kind: kind)] } ?? []
  }

  // MARK: Origin

  /// At most three rules, with where they stand and who changed them last.
  var origins: [String] {
    var origins: [String] = []
    for message in post.messages.prefix(Self.originLimit) {
      for alert in message.alerts.prefix(MessageContent.itemLimit) {
        let text = origin(of: alert.rule)
        if !origins.contains(text) { origins.append(text) }
        if origins.count == Self.originLimit { return origins }
      }
    }
    return origins
  }

  private static let originLimit = 3

  /// `CheckoutErrors, tenants/shop/checkout/rules.yaml:7, changed 2026-11-01 by Ana <ana@example.com> (3f2a9c1d, #412)`.
  private func origin(of rule: RuleReference) -> String {
    let origin = rule.provenance
    var parts = [rule.rule.onOneLine(limit: 200)]
    if !origin.file.isEmpty { parts.append(origin.file.onOneLine(limit: 400) + ":" + String(origin.line)) }
    let date = origin.committedAt.map { style.zone.civilTime(at: $0).dateText }
    let author = origin.author?.onOneLine(limit: 200)
    let commit = [origin.commit?.short, origin.pullRequest?.description].compactMap(\.self).joined(separator: ", ")
    if let change = words.changed(on: date, by: author, commit: commit.isEmpty ? nil : commit) { parts.append(change) }
    return parts.filter { !$0.isEmpty }.joined(separator: words.comma)
  }

  // MARK: Silence

  /// `belfry silence add --tenant shop --duration 2h --comment '…' 'alertname="HighCPU"' …`: by the labels that all
  /// alerts of the message share, so that it mutes these and their like, and nothing of other scopes.
  ///
  /// `nil` where a line to paste would be too long, could mean something else than it seems to, or holds what no chat
  /// shows as it is: a backtick ends a span of code, `<` begins a tag.
  var silenceCommand: String? {
    guard !commonLabels.isEmpty, post.first.truncated == 0 else { return nil }
    var command = "belfry silence add"
    let scope = silenceScope
    if let tenant = scope.tenant { command += " --tenant " + tenant.shellWord }
    if let project = scope.project { command += " --project " + project.shellWord }
    command += " --duration 2h --comment '…'"
    for label in commonLabels.pairs {
      guard let matcher = Self.matcher(label) else { return nil }
      command += " " + matcher.quotedForShell
    }
    let isPlain = command.utf8.allSatisfy { $0 != UInt8(ascii: "`") && $0 != UInt8(ascii: "<") }
    return isPlain && command.utf8.count <= 600 ? command : nil
  }

  private var silenceScope: Scope {
    guard let first = post.first.alerts.first?.scope else { return post.first.owner }
    return post.first.alerts.allSatisfy { $0.scope == first } ? first : post.first.owner
  }

  /// `name="value"`, if it is read back as just that and shows all it holds.
  private static func matcher(_ label: Label) -> String? {
    guard label.name.isShownWhole, label.value.isShownWhole else { return nil }
    for name in [label.name, label.name.quotedAsGo] {
      let text = name + "=" + label.value.quotedAsGo
      guard text.utf8.first != UInt8(ascii: "-"),
        case .some(let list) = try? MatcherList(parsing: text), list.matchers.count == 1,
        let matcher = list.matchers.first,
        matcher.operation == .equal, matcher.name.utf8.elementsEqual(label.name.utf8),
        matcher.value.utf8.elementsEqual(label.value.utf8)
      else { continue }
      return text
    }
    return nil
  }
}

extension String {
  /// Whether no character of this is one that can't be seen.
  fileprivate var isShownWhole: Bool {
    // Spaces are as they are: between quotes none of them is lost.
    let text = String(String.UnicodeScalarView(unicodeScalars.map { $0 == " " ? "_" : $0 }))
    return text.onOneLine(limit: .max).utf8.elementsEqual(text.utf8)
  }

  /// In single quotes, so that no shell reads anything into it. By bytes, since a quote with an accent on it is another
  /// character, and ends the word all the same.
  var quotedForShell: String { "'" + replacingBytes("'", with: "'\\''") + "'" }

  /// As it is, where no shell reads anything into it.
  fileprivate var shellWord: String {
    let isPlain = utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    return isPlain && !isEmpty ? self : quotedForShell
  }
}
