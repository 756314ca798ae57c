package import Model

/// A post in words and without markup: what every channel for people starts from.
///
/// Each text is one line, free of control characters and of characters that can't be seen; escaping is the channel's.
package struct MessageContent: Sendable {
  /// What has become of the alerts that it tells of.
  package enum State: Hashable, Sendable {
    case firing, partlyResolved, resolved
  }

  /// A name and what it leads to.
  package struct Link: Hashable, Sendable {
    /// What is found there.
    package enum Kind: Hashable, Sendable {
      /// The controller's own page.
      case view
      case runbook, dashboard, graph
    }

    package var title: String
    /// Always `http` or `https`; see `String.webLink`.
    package var url: String
    package var kind: Kind = .view
  }

  /// One alert; in a digest, one group.
  package struct Item: Hashable, Sendable {
    package var isResolved: Bool
    /// Of the alert; of the gravest alert of a group.
    package var level: SeverityLevel?
    /// What tells it from the others: its own labels, or the group's name; may be empty.
    package var title: String
    /// The same in few words, for narrow places: `web-1:9100 HighCPU`, what tells most coming first.
    package var brief: String
    /// Summary and description, where they aren't shared.
    package var lines: [String]
    /// Value, times, further annotations.
    package var facts: [Label]
    package var links: [Link]
  }

  package let words: MessageWords
  package let isTest: Bool
  package let state: State
  /// Of the gravest alert that fires, or of the gravest that has resolved where none fires.
  package let level: SeverityLevel?
  /// The same as a word: as the team writes it, or in Chinese.
  package let severity: String?
  package let firing: Int
  package let resolved: Int
  /// `FIRING:2, RESOLVED:1`.
  package let states: String
  /// What it is about: `CheckoutErrors`, or the labels of the group.
  package let name: String
  /// The title without test mark, state and severity: `CheckoutErrors: web-1 answers 5xx`.
  package let subject: String
  /// One line; from the channel's template where it has one. That of a test always says so.
  package var title: String {
    didSet {
      hasOwnTitle = true
      title = title.onOneLine(limit: Self.titleLimit)
      if isTest, !title.hasPrefix(words.testMark) { title = (words.testMark + " " + title).cut(to: Self.titleLimit) }
    }
  }
  /// Whether the title is that of a template.
  package private(set) var hasOwnTitle = false
  /// From the channel's template, in the destination's own markup: in place of everything below.
  package var body: String?
  /// Of mail: the part in HTML, from the channel's template.
  package var html: String?
  /// Why a template of the channel could not be used.
  package var trouble: String?
  /// Whose it is, and why it is sent: `shop/checkout · first notification`.
  package var source: String
  /// What all alerts share: summary, description, further annotations.
  package var lines: [String]
  /// The same without a summary that stands whole in the title.
  package var linesBelowTitle: [String] { lines.filter { hasOwnTitle || !title.hasSuffix(words.colon + $0) } }
  /// The labels that all alerts share, beside those in the title.
  package var labels: [Label]
  package var items: [Item]
  /// Alerts, or groups of a digest, that are not among the items; and how many alerts that makes.
  package var hiddenItems: Int
  package var hiddenAlerts: Int
  package var isDigest: Bool
  /// How many alerts each item stands for.
  var itemAlerts: [Int]
  /// The controller's own page first, where there is one.
  package var links: [Link]
  /// The rules, where they stand, and who changed them last.
  package var origins: [String]
  /// To be pasted into a shell: silences exactly these alerts.
  package var silenceCommand: String?
  package var mentions: [Mention]

  /// The most bytes of a title.
  static let titleLimit = 200
}

extension MessageContent {
  /// How much of a message is shown.
  package struct Detail: Hashable, Sendable {
    package var items: Int
    /// Bytes of each summary, description and annotation.
    package var lineBytes: Int
    package var facts: Int
    package var showsLabels: Bool
    package var showsOrigins: Bool
    package var links: Int

    package init(
      items: Int, lineBytes: Int = 2000, facts: Int = 8, showsLabels: Bool = true, showsOrigins: Bool = true,
      links: Int = 4
    ) {
      self.items = items
      self.lineBytes = lineBytes
      self.facts = facts
      self.showsLabels = showsLabels
      self.showsOrigins = showsOrigins
      self.links = links
    }

    /// From everything to what must never be missing: state, severity, title, counts and the link.
    package static let steps = [
      Detail(items: 50), Detail(items: 20), Detail(items: 10), Detail(items: 5),
      Detail(items: 5, lineBytes: 300, facts: 4), Detail(items: 3, lineBytes: 300, facts: 2, showsLabels: false),
      Detail(items: 1, lineBytes: 200, facts: 2, showsLabels: false),
      Detail(items: 0, lineBytes: 200, facts: 0, showsLabels: false),
      Detail(items: 0, lineBytes: 80, facts: 0, showsLabels: false, showsOrigins: false, links: 1),
    ]
  }

  /// The same with no more than `detail` allows; what is left out is counted. What a template wrote stays whole.
  package func reduced(to detail: Detail) -> MessageContent {
    var content = self
    // An only alert is told by title and lines: it is never among those left out.
    let count = isOfOne ? 1 : max(detail.items, 0)
    if items.count > count {
      content.items = Array(items.prefix(count))
      content.hiddenItems += items.count - count
      content.hiddenAlerts += itemAlerts.dropFirst(count).reduce(0, +)
      content.itemAlerts = Array(itemAlerts.prefix(count))
    }
    content.items = content.items.map { $0.reduced(to: detail) }
    content.lines = lines.prefix(max(detail.facts, 0) + 2).map { $0.cut(to: detail.lineBytes) }
    content.links = Array(links.prefix(max(detail.links, 0)))
    if !detail.showsLabels { content.labels = [] }
    if !detail.showsOrigins {
      content.origins = []
      content.silenceCommand = nil
    }
    return content
  }

  /// The most detailed form of this that `accept` takes, or the least detailed of all.
  ///
  /// `accept` gets what is rendered of it, so that what is measured is what is sent. A template's text that isn't
  /// accepted gives way to the usual one, which says so.
  package func fitted<Rendered>(
    _ steps: [Detail] = Detail.steps, render: (MessageContent) -> Rendered, accept: (Rendered) -> Bool
  ) -> Rendered {
    guard body == nil else {
      let rendered = render(self)
      if accept(rendered) { return rendered }
      var usual = self
      usual.body = nil
      usual.html = nil
      usual.trouble = words.tooLong
      return usual.fitted(steps, render: render, accept: accept)
    }
    for step in steps.dropLast() {
      let rendered = render(reduced(to: step))
      if accept(rendered) { return rendered }
    }
    return render(reduced(to: steps.last ?? Detail(items: 0)))
  }
}

extension MessageContent.Item {
  func reduced(to detail: MessageContent.Detail) -> Self {
    var item = self
    item.title = title.cut(to: detail.lineBytes)
    item.lines = lines.map { $0.cut(to: detail.lineBytes) }
    item.facts = facts.prefix(max(detail.facts, 0)).map { Label($0.name, $0.value.cut(to: detail.lineBytes)) }
    return item
  }
}
