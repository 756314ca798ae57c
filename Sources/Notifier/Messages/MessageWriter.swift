import Model

/// Puts the parts of one post into words.
///
/// What takes a look at every alert is found once, when this is made.
struct MessageWriter {
  let post: Post
  let style: MessageStyle
  let words: MessageWords
  let firing: Int
  let resolved: Int
  /// The gravest value of `severity`, as written: of the alerts that fire, or of all where none does.
  let severity: String?
  /// What all alerts of the only group share; empty in a digest.
  let commonLabels: Labels
  let commonAnnotations: [Label]
  private let scopes: Set<Scope>

  init(post: Post, style: MessageStyle) {
    self.post = post
    self.style = style
    words = MessageWords(style.language)
    commonLabels = post.isDigest ? .empty : post.first.commonLabels
    commonAnnotations = post.isDigest ? [] : post.first.commonAnnotations
    let tallies = post.messages.map { Tally($0.alerts) }
    firing = tallies.reduce(0) { $0 + $1.firing }
    resolved = tallies.reduce(0) { $0 + $1.resolved }
    scopes = tallies.reduce(into: []) { $0.formUnion($1.scopes) }
    severity = tallies.reduce(into: Tally([])) { $0.merge($1) }.gravest(by: style.severities)
  }

  var severityWord: String? {
    severity.map { words.severity($0).onOneLine(limit: 40) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  // MARK: The title

  var states: String { words.states(firing: firing, resolved: resolved) }

  /// `[FIRING:2] critical CheckoutErrors (RESOLVED:1): web-1 answers 5xx`: state, count, severity, what, and the summary
  /// where all alerts share it. State and severity come first, since a phone shows some 20 characters.
  var title: String {
    let mark = post.isTest ? words.testMark + " " : ""
    let state = firing == 0 ? states : words.state(words.firing, of: firing)
    let severity = severityWord.map { $0 + " " } ?? ""
    let over = firing > 0 && resolved > 0 ? words.aside(words.state(words.resolved, of: resolved)) : ""
    return (mark + "[" + state + "] " + severity + name + over + summary).onOneLine(limit: MessageContent.titleLimit)
  }

  /// `CheckoutErrors`, or `3 groups of alerts`.
  var name: String {
    post.isDigest ? words.groups(post.messages.count) : name(of: post.first, commonLabels).onOneLine(limit: 200)
  }

  /// `CheckoutErrors: web-1 answers 5xx`.
  var subject: String { (name + summary).onOneLine(limit: MessageContent.titleLimit) }

  /// Behind the name.
  private var summary: String { Self.annotation("summary", of: commonAnnotations).map { words.colon + $0 } ?? "" }

  /// The alert's name, or the labels of the group, or how many there are.
  func name(of message: Message, _ common: Labels) -> String {
    let name = common["alertname"].onOneLine(limit: 120)
    if !name.isEmpty { return name }
    let values = message.groupLabels.pairs.map { ($0.name + "=" + $0.value).onOneLine(limit: 120) }
    return values.isEmpty ? words.alerts(message.alerts.count) : values.joined(separator: " ")
  }

  // MARK: What is shared

  /// `shop/checkout · first notification`.
  var source: String {
    let reasons = Set(post.messages.map(\.reason))
    return scopeNames + (reasons.count == 1 ? " · " + words.reason(post.first.reason) : "")
  }

  /// Those that the alerts belong to, or whose message it is where they are too many to name.
  private var scopeNames: String {
    let owners = Set(post.messages.map(\.owner))
    let names = scopes.isEmpty || scopes.count > Self.scopeLimit ? owners : scopes
    let shown = names.sorted().prefix(Self.scopeLimit).map(\.description)
    return shown.joined(separator: words.comma) + (names.count > shown.count ? words.comma + "…" : "")
  }

  private static let scopeLimit = 3

  /// Whether the groups of a digest belong to several tenants, so that each says to which.
  var hasSeveralOwners: Bool { Set(post.messages.map(\.owner)).count > 1 }

  /// Everybody whom the channel and the routes name, each once.
  var mentions: [Mention] {
    var seen: Set<Mention> = []
    let names = post.messages.flatMap(\.mentions).map(Mention.init(ofMessage:))
    return (style.mentions + names).filter { seen.insert($0).inserted }
  }

  /// Without the name and the severity, which stand in the title.
  var sharedLabels: [Label] {
    commonLabels.pairs.filter { $0.name != "alertname" && $0.name != "severity" }.map(Self.shown)
  }

  /// Summary, description, and the other annotations that all alerts share. Those of an only alert stand with it.
  var sharedLines: [String] {
    let texts = Self.texts(of: commonAnnotations)
    guard post.first.alerts.count > 1 else { return texts }
    return texts + furtherFacts(of: commonAnnotations).map { $0.name + words.colon + $0.value }
  }

  /// `2026-11-20 08:00:00 UTC`, and with an offset in other zones: `CST` is a time in China and in Chicago.
  func time(_ instant: Timestamp) -> String {
    let civil = style.zone.civilTime(at: instant)
    return civil.dateText + " " + civil.timeText + " " + style.zone.offset(at: instant).shown
  }

  static func shown(_ label: Label) -> Label {
    Label(label.name.onOneLine(limit: 200), label.value.onOneLine(limit: 300))
  }
}

/// What one look at all alerts of a message finds.
struct Tally {
  private(set) var firing = 0
  private(set) var resolved = 0
  private(set) var scopes: Set<Scope> = []
  private var firingSeverities: Set<String> = []
  private var resolvedSeverities: Set<String> = []

  init(_ alerts: [Alert]) {
    for alert in alerts {
      let severity = alert.labels["severity"]
      if alert.state == .resolved {
        resolved += 1
        if !severity.isEmpty { resolvedSeverities.insert(severity) }
      } else {
        firing += 1
        if !severity.isEmpty { firingSeverities.insert(severity) }
      }
      scopes.insert(alert.scope)
    }
  }

  var count: Int { firing + resolved }

  mutating func merge(_ other: Tally) {
    firing += other.firing
    resolved += other.resolved
    scopes.formUnion(other.scopes)
    firingSeverities.formUnion(other.firingSeverities)
    resolvedSeverities.formUnion(other.resolvedSeverities)
  }

  /// The gravest value of `severity`: of the alerts that fire, or of all where none does.
  func gravest(by scale: SeverityScale) -> String? {
    (firing > 0 ? firingSeverities : resolvedSeverities).min { (scale.rank(of: $0), $0) < (scale.rank(of: $1), $1) }
  }
}

extension ZoneOffset {
  /// `UTC`, or `+08:00`.
  fileprivate var shown: String {
    guard abbreviation != "UTC" else { return abbreviation }
    let (hours, rest) = abs(secondsEastOfUTC).quotientAndRemainder(dividingBy: 3600)
    let (minutes, seconds) = rest.quotientAndRemainder(dividingBy: 60)
    return (secondsEastOfUTC < 0 ? "-" : "+") + padded(hours, to: 2) + ":" + padded(minutes, to: 2)
      + (seconds == 0 ? "" : ":" + padded(seconds, to: 2))
  }
}
