import Model

/// The HTML of a mail: a bar in the severity's colour with the state in words, then the message.
///
/// All styles that matter stand in the elements, since many programs drop the rest; the head has what only some know:
/// dark colours and narrow screens. Nothing is loaded from elsewhere.
struct MailPage {
  private let content: MessageContent

  init(_ content: MessageContent) {
    self.content = content
  }

  var html: String {
    """
    <!doctype html>
    <html lang="\(content.words.language.rawValue)">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>\(HTML.escaped(content.title))</title>
    <style>
    @media (prefers-color-scheme: dark) {
    .page { background: #0d1117 !important; color: #e6edf3 !important }
    .card { background: #161b22 !important; border-color: #30363d !important }
    .quiet { color: #9198a1 !important }
    .rule { border-color: #30363d !important }
    .code { background: #0d1117 !important; border-color: #30363d !important; color: #e6edf3 !important }
    .link { color: #58a6ff !important; border-color: #30363d !important }
    }
    @media (max-width: 480px) {
    .page { padding: 0 !important }
    .card { border-width: 0 !important; border-radius: 0 !important }
    .cell { padding-left: 16px !important; padding-right: 16px !important }
    }
    </style>
    </head>
    <body class="page" style="\(Self.page)">
    <table class="card" role="presentation" align="center" width="100%" cellpadding="0" cellspacing="0" \
    style="\(Self.card)">
    \(bar)
    \(rows.map(row).joined(separator: "\n"))
    </table>
    </body>
    </html>

    """
  }

  // MARK: The frame

  private static let page =
    "margin:0;padding:16px;background:#f6f8fa;color:#1f2328;font:15px/1.5 -apple-system,BlinkMacSystemFont,"
    + "&#39;Segoe UI&#39;,Roboto,&#39;Helvetica Neue&#39;,Arial,&#39;PingFang SC&#39;,&#39;Microsoft YaHei&#39;,"
    + "&#39;Noto Sans CJK SC&#39;,sans-serif;-webkit-text-size-adjust:100%"
  private static let card =
    "max-width:640px;margin:0 auto;background:#ffffff;border:1px solid #d1d9e0;border-radius:8px;"
    + "border-collapse:separate;overflow:hidden"
  private static let wraps = "overflow-wrap:anywhere;word-break:break-word"

  /// State and severity, then what it is about.
  private var bar: String {
    let facts = content.hasOwnTitle ? [] : [content.isTest ? content.words.test : "", content.states, severity]
    let head = facts.filter { !$0.isEmpty }.map(HTML.escaped).joined(separator: " &#183; ")
    let title = content.hasOwnTitle ? content.title : content.name
    return "<tr><td class=\"cell\" style=\"padding:14px 20px;background:\(content.colour);"
      + "color:\(content.colourOfLetters);\(Self.wraps)\">"
      + (head.isEmpty ? "" : "<div style=\"font-size:14px;font-weight:600\">\(head)</div>\n")
      + "<div dir=\"auto\" style=\"font-size:20px;line-height:1.3;font-weight:700\">"
      + HTML.escaped(title) + "</div></td></tr>"
  }

  private var severity: String { content.severity ?? "" }

  private func row(_ html: String) -> String {
    "<tr><td class=\"cell rule\" style=\"padding:14px 20px;border-bottom:1px solid #eaeef2;\(Self.wraps)\">\n"
      + html + "\n</td></tr>"
  }

  private var rows: [String] {
    var rows: [String] = []
    if content.isTest, content.body != nil { rows.append(text(content.words.testNotice)) }
    if let trouble = content.trouble { rows.append(quiet(content.words.templateTrouble(trouble))) }
    if let body = content.body {
      return rows + ["<div dir=\"auto\" style=\"white-space:pre-wrap\">\(HTML.escaped(body))</div>"]
    }
    let summary = [lines, alone, labels].filter { !$0.isEmpty }
    if !summary.isEmpty { rows.append(summary.joined(separator: "\n")) }
    if !content.isOfOne { rows += content.items.map(block) }
    if content.hiddenItems > 0 { rows.append(quiet(content.hiddenText)) }
    if !content.links.isEmpty { rows.append(buttons) }
    return rows + [foot]
  }

  // MARK: What is shared

  private var lines: String {
    content.lines.enumerated().map { $0.offset == 0 ? strong($0.element) : text($0.element) }.joined(separator: "\n")
  }

  /// Value and times of an only alert, as a table.
  private var alone: String {
    guard content.isOfOne, let item = content.items.first else { return "" }
    return table(of: item.facts)
  }

  private func table(of facts: [Label]) -> String {
    guard !facts.isEmpty else { return "" }
    let rows = facts.map { fact in
      "<tr><td class=\"quiet\" style=\"padding:2px 16px 2px 0;color:#59636e;vertical-align:top\">"
        + "\(HTML.escaped(fact.name))</td><td dir=\"auto\" style=\"padding:2px 0;vertical-align:top;\(Self.wraps)\">"
        + "\(HTML.escaped(fact.value))</td></tr>"
    }
    return "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:8px 0;font-size:15px\">"
      + rows.joined(separator: "\n") + "</table>"
  }

  private var labels: String {
    guard !content.labels.isEmpty else { return "" }
    let marks = content.labels.map { label in
      "<span class=\"code\" style=\"display:inline-block;margin:2px 0;padding:1px 8px;border:1px solid #d1d9e0;"
        + "border-radius:10px;background:#f6f8fa;font-size:13px\">"
        + HTML.escaped(label.name + "=" + label.value) + "</span>"
    }
    return "<div style=\"margin:6px 0 0\">" + marks.joined(separator: "\n") + "</div>"
  }

  // MARK: Items

  private func block(_ item: MessageContent.Item) -> String {
    let state = item.isResolved ? content.words.resolved : content.words.firing
    let colour = MessageContent.colour(of: item)
    var parts = [
      "<div dir=\"auto\"><b>\(HTML.escaped(state))</b>"
        + (item.title.isEmpty ? "" : " " + HTML.escaped(item.title)) + "</div>"
    ]
    parts += item.lines.map(text)
    if !item.facts.isEmpty {
      parts.append(quiet(item.facts.map { $0.name + content.words.colon + $0.value }.joined(separator: " \u{b7} ")))
    }
    if !item.links.isEmpty { parts.append("<div>" + item.links.map(link).joined(separator: " &#183; ") + "</div>") }
    return "<div style=\"padding-left:12px;border-left:4px solid \(colour)\">" + parts.joined(separator: "\n")
      + "</div>"
  }

  // MARK: Links and foot

  private var buttons: String {
    content.links.enumerated().map { index, link in
      let look =
        "display:inline-block;margin:3px 6px 3px 0;padding:7px 14px;border-radius:6px;"
        + "font-size:14px;font-weight:600;text-decoration:none;"
      let colours =
        index == 0
        ? "style=\"\(look)background:#0969da;border:1px solid #0969da;color:#ffffff\""
        : "class=\"link\" style=\"\(look)border:1px solid #d1d9e0;color:#0969da\""
      return "<a href=\"\(HTML.escaped(link.url))\" \(colours)>\(HTML.escaped(link.title))</a>"
    }.joined(separator: "\n")
  }

  private func link(_ link: MessageContent.Link) -> String {
    "<a class=\"link\" href=\"\(HTML.escaped(link.url))\" style=\"color:#0969da\">\(HTML.escaped(link.title))</a>"
  }

  private var foot: String {
    let words = content.words
    var parts = [quiet(content.source)] + content.origins.map { quiet(words.rule + words.colon + $0) }
    if let command = content.silenceCommand {
      parts.append(quiet(words.silence + words.colon))
      parts.append(
        "<div class=\"code\" style=\"margin:4px 0 0;padding:8px 10px;border:1px solid #d1d9e0;border-radius:6px;"
          + "background:#f6f8fa;font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;"
          + "white-space:pre-wrap;"
          + "\(Self.wraps)\">\(HTML.escaped(command))</div>")
    }
    return parts.joined(separator: "\n")
  }

  private func strong(_ text: String) -> String {
    "<div dir=\"auto\" style=\"font-size:16px;font-weight:600\">\(HTML.escaped(text))</div>"
  }

  private func text(_ text: String) -> String { "<div dir=\"auto\">\(HTML.escaped(text))</div>" }

  private func quiet(_ text: String) -> String {
    "<div dir=\"auto\" class=\"quiet\" style=\"font-size:13px;color:#59636e\">\(HTML.escaped(text))</div>"
  }
}
