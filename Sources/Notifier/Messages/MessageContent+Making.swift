import Model

extension MessageContent {
  /// The most items that are made of a message; the rest is counted.
  static let itemLimit = 50

  package init(_ post: Post, _ style: MessageStyle) {
    let writer = MessageWriter(post: post, style: style)
    let messages = post.messages
    words = writer.words
    isTest = post.isTest
    firing = writer.firing
    resolved = writer.resolved
    state = firing == 0 ? .resolved : resolved == 0 ? .firing : .partlyResolved
    level = writer.severity.flatMap { style.severities.level(of: $0) }
    severity = writer.severityWord
    isDigest = post.isDigest
    states = writer.states
    name = writer.name
    subject = writer.subject
    title = writer.title
    source = writer.source
    links = writer.links
    mentions = post.isTest ? [] : writer.mentions
    origins = writer.origins
    silenceCommand = post.isDigest || post.isTest || state == .resolved ? nil : writer.silenceCommand
    if post.isDigest {
      lines = []
      labels = []
      let shown = messages.prefix(Self.itemLimit)
      items = shown.map(writer.item(of:))
      itemAlerts = shown.map(\.alertCount)
      hiddenItems = messages.count - shown.count
      hiddenAlerts = messages.dropFirst(Self.itemLimit).reduce(0) { $0 + $1.alertCount }
    } else {
      let shown = post.first.alerts.prefix(Self.itemLimit)
      lines = writer.sharedLines
      labels = writer.sharedLabels
      items = shown.map(writer.item(of:))
      itemAlerts = items.map { _ in 1 }
      hiddenItems = post.first.alertCount - shown.count
      hiddenAlerts = hiddenItems
    }
    let heldBack = messages.reduce(0) { $0 + $1.heldBack }
    if heldBack > 0 { lines.append(words.heldBack(heldBack)) }
    if post.isTest { lines.insert(words.testNotice, at: 0) }
    apply(style.templates, post, style)
  }
}

extension Message {
  /// Those that were left out included.
  fileprivate var alertCount: Int { alerts.count + truncated }
}
