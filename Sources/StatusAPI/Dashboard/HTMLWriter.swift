import Model

/// Writes HTML from front to back, in one language. Only ``markup(_:)`` takes markup, and only what is in the source.
struct HTMLWriter {
  let language: Language
  /// What leads from this page to the dashboard's root: `./`, `../`, `../../../`.
  let root: String
  /// When what is shown was so; ages are told up to here.
  let now: Timestamp
  private(set) var html = ""

  init(language: Language = .english, root: String = "./", now: Timestamp) {
    self.language = language
    self.root = root
    self.now = now
  }

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

  /// A phrase in the page's language, its `{0}`, `{1}` filled.
  mutating func say(_ phrase: Phrase, _ values: String...) {
    text(phrase.filled(language, values))
  }

  /// A phrase as plain text, for attributes.
  func phrase(_ phrase: Phrase, _ values: String...) -> String {
    phrase.filled(language, values)
  }

  typealias Attributes = KeyValuePairs<StaticString, String>

  /// An element with text. Text from outside goes into a `bdi`, which keeps its direction to itself.
  mutating func element(
    _ name: StaticString, class style: String = "", _ attributes: Attributes, _ content: String
  ) {
    open(name, class: style, attributes)
    text(content)
    close(name)
  }

  mutating func element(_ name: StaticString, class style: String = "", _ content: String) {
    element(name, class: style, [:], content)
  }

  mutating func element(_ name: StaticString, class style: String = "", _ phrase: Phrase) {
    element(name, class: style, [:], self.phrase(phrase))
  }

  mutating func element(
    _ name: StaticString, class style: String = "", _ attributes: Attributes = [:],
    _ content: (inout HTMLWriter) -> Void
  ) {
    open(name, class: style, attributes)
    content(&self)
    close(name)
  }

  mutating func element(_ name: StaticString, class style: String = "", _ attributes: Attributes, _ phrase: Phrase) {
    open(name, class: style, attributes)
    say(phrase)
    close(name)
  }

  /// An element without content, such as `input` or an SVG shape.
  mutating func void(_ name: StaticString, class style: String = "", _ attributes: Attributes = [:]) {
    open(name, class: style, attributes)
  }

  private mutating func open(_ name: StaticString, class style: String, _ attributes: Attributes) {
    html += "<"
    markup(name)
    if !style.isEmpty { attribute("class", style) }
    for (name, value) in attributes { attribute(name, value) }
    html += ">"
  }

  private mutating func attribute(_ name: StaticString, _ value: String) {
    html += " "
    markup(name)
    html += "=\""
    text(value)
    html += "\""
  }

  private mutating func close(_ name: StaticString) {
    html += "</"
    markup(name)
    html += ">"
  }

  /// A link to a page of the dashboard, its path from the root.
  mutating func link(
    _ path: String, class style: String = "", _ attributes: Attributes = [:], _ content: (inout HTMLWriter) -> Void
  ) {
    html += "<a href=\""
    text(root + path)
    html += "\""
    if !style.isEmpty { attribute("class", style) }
    for (name, value) in attributes { attribute(name, value) }
    html += ">"
    content(&self)
    html += "</a>"
  }

  /// Text from outside, as a link where it is an `http` or `https` address and as plain text otherwise.
  mutating func linked(_ address: String, _ words: String? = nil) {
    guard Self.isWebAddress(address) else {
      element("bdi", words ?? address)
      return
    }
    element("a", class: "out", ["href": address, "rel": "noopener noreferrer"]) { $0.element("bdi", words ?? address) }
  }

  /// Whether an address leads to the web and nowhere else, `javascript:` for one.
  static func isWebAddress(_ address: String) -> Bool {
    let scheme = address.prefix { $0 != ":" }.lowercased()
    guard scheme == "http" || scheme == "https" else { return false }
    return address.dropFirst(scheme.count).hasPrefix("://")
      && address.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") }
  }
}
