import Model
import Specs

/// A message in the few words that a phone's screen has room for.
struct SMSText {
  private let content: MessageContent
  private let post: Post
  private let style: MessageStyle

  init(_ post: Post, _ style: MessageStyle) {
    content = MessageContent(post, style)
    self.post = post
    self.style = style
  }

  /// The title, what it is about, and a link where there is room for it, in at most `parts` parts.
  func text(parts: Int) -> String {
    if let body = content.body {
      return SMSLength.cut((content.isTest ? content.words.testNotice + "\n" : "") + body, parts: parts)
    }
    var lines = [content.title]
    lines += content.lines.filter { !content.title(tells: $0) }
    let shown = content.reduced(to: .init(items: 3, lineBytes: 200, facts: 0))
    lines += shown.items.map { item in
      let mark = item.isResolved == (content.state == .resolved) ? "" : content.words.resolved + " "
      return mark + ([item.title] + item.lines.prefix(1)).filter { !$0.isEmpty }.joined(separator: content.words.colon)
    }.filter { !$0.isEmpty }
    if shown.hiddenItems > 0 { lines.append(shown.hiddenText) }
    if let lasted = lasted { lines.append(lasted) }
    let text = SMSLength.cut(lines.joined(separator: "\n"), parts: parts)
    guard let link = content.links.first?.url else { return text }
    let linked = text + "\n" + link
    return SMSLength.parts(of: linked) <= parts ? linked : text
  }

  /// How long the only alert went on.
  private var lasted: String? {
    guard content.isOfOne, content.state == .resolved else { return nil }
    let words = content.words
    let fact = content.items.first?.facts.first { $0.name == words.lasted }
    return fact.map { $0.name + words.colon + $0.value }
  }

  /// One part of the message, as a template's variable takes it: one line of at most `limit` characters.
  func value(of part: SMSSpec.Part, limit: Int) -> String {
    value(of: part).onOneLine(limit: 2000).cut(scalars: limit)
  }

  private func value(of part: SMSSpec.Part) -> String {
    switch part {
    case .title: content.title
    case .state: content.isTest ? content.words.test : content.states
    case .severity: content.severity ?? "-"
    case .alert: content.name
    case .summary: content.lines.first ?? content.items.lazy.compactMap(\.lines.first).first ?? content.name
    case .count: String(content.firing > 0 ? content.firing : content.resolved)
    case .scope: scope
    case .time: time
    }
  }

  private var scope: String { post.first.alerts.first?.scope.description ?? post.first.owner.description }

  private var time: String {
    let civil = style.zone.civilTime(at: post.first.at)
    return civil.dateText + " " + civil.timeText
  }
}

extension MessageContent {
  /// Whether a line stands in the title already, perhaps cut, as a summary usually does.
  func title(tells line: String) -> Bool { title.contains(line.prefix(40)) }
}
