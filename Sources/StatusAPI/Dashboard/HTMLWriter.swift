import Model

/// Writes HTML from front to back. Only ``markup(_:)`` takes markup, and only what stands in the source.
struct HTMLWriter {
  private(set) var html = ""

  mutating func markup(_ markup: StaticString) {
    markup.withUTF8Buffer { html += String(decoding: $0, as: UTF8.self) }
  }

  /// Text from anywhere: whatever it holds stays text, in content and in quoted attributes alike.
  mutating func text(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": html += "&amp;"
      case "<": html += "&lt;"
      case ">": html += "&gt;"
      case "\"": html += "&quot;"
      case "'": html += "&#39;"
      case "\0"..."\u{8}", "\u{b}"..."\u{1f}", "\u{7f}": html += "\u{fffd}"
      default: html.unicodeScalars.append(scalar)
      }
    }
  }

  /// An element with text; `isolated` keeps the direction of foreign text to itself.
  mutating func element(_ name: StaticString, class style: String = "", _ content: String) {
    open(name, class: style)
    text(content)
    close(name)
  }

  mutating func element(_ name: StaticString, class style: String = "", _ content: (inout HTMLWriter) -> Void) {
    open(name, class: style)
    content(&self)
    close(name)
  }

  private mutating func open(_ name: StaticString, class style: String) {
    html += "<"
    markup(name)
    if !style.isEmpty {
      html += " class=\""
      text(style)
      html += "\""
    }
    html += ">"
  }

  private mutating func close(_ name: StaticString) {
    html += "</"
    markup(name)
    html += ">"
  }

  /// An instant as time passed until `now`, with the instant itself for machines and for pointers.
  mutating func time(_ instant: Timestamp?, until now: Timestamp) {
    guard let instant else {
      element("span", class: "quiet", "never")
      return
    }
    html += "<time datetime=\""
    text(instant.description)
    html += "\" title=\""
    text(instant.description)
    html += "\">"
    text(elapsed(from: instant, to: now))
    html += "</time>"
  }
}

/// `12 s`, `5 min`, `3 h 20 min`, `4 d 2 h`: at most two units; `in 5 min` for what is still to come.
func elapsed(from start: Timestamp, to end: Timestamp) -> String {
  let seconds = (end - start).components.seconds
  if seconds < 0 { return "in " + span(seconds: seconds.magnitude) }
  return span(seconds: seconds.magnitude) + " ago"
}

private func span(seconds: UInt64) -> String {
  let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
  if minutes == 0 { return "\(seconds) s" }
  if hours == 0 { return "\(minutes) min" }
  if days == 0 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
  return days > 9 || hours % 24 == 0 ? "\(days) d" : "\(days) d \(hours % 24) h"
}
