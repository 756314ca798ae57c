import Model

/// Writes HTML from front to back. Only ``markup(_:)`` takes markup, and only what stands in the source.
struct HTMLWriter {
  private(set) var html = ""

  mutating func markup(_ markup: StaticString) {
    markup.withUTF8Buffer { html += String(decoding: $0, as: UTF8.self) }
  }

  /// Text from anywhere: whatever it holds stays text, in content and in quoted attributes alike.
  mutating func text(_ text: String) {
    guard text.utf8.contains(where: Self.isSpecial) else {
      html += text
      return
    }
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

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7f || "&<>\"'".utf8.contains(byte)
  }

  /// An element with text. Text from outside goes into a `bdi`, which keeps its direction to itself.
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

  /// An instant as the time passed until `now`, such as `5 min ago`, with the instant itself for machines and pointers.
  mutating func time(_ instant: Timestamp?, until now: Timestamp) {
    guard let instant else {
      element("span", class: "quiet", "never")
      return
    }
    time(instant, told: elapsed(from: instant, to: now))
  }

  /// How long something has been so, such as `5 min`.
  mutating func age(since instant: Timestamp, until now: Timestamp) {
    time(instant, told: span(from: instant, to: now))
  }

  private mutating func time(_ instant: Timestamp, told words: String) {
    html += "<time datetime=\""
    text(instant.description)
    html += "\" title=\""
    text(instant.description)
    html += "\">"
    text(words)
    html += "</time>"
  }
}

/// `5 min ago`, or `in 5 min` for what is still to come.
func elapsed(from start: Timestamp, to end: Timestamp) -> String {
  end < start ? "in " + span(from: start, to: end) : span(from: start, to: end) + " ago"
}

/// `12 s`, `5 min`, `3 h 20 min`, `4 d 2 h`: at most two units, whichever of the two comes first.
func span(from start: Timestamp, to end: Timestamp) -> String {
  let seconds = (end - start).components.seconds.magnitude
  let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
  if minutes == 0 { return "\(seconds) s" }
  if hours == 0 { return "\(minutes) min" }
  if days == 0 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
  return days > 9 || hours % 24 == 0 ? "\(days) d" : "\(days) d \(hours % 24) h"
}
