/// Where in a page of HTML the next byte comes to stand: in text, in a tag, in which attribute.
///
/// It follows the page as it is written, so that it knows the place whatever branches and loops the template takes.
/// Values are escaped for their place, after the rules of Go's `html/template`: nothing in a label can begin an
/// element, end an attribute or bring a link that runs code.
struct HTMLPlace {
  /// What the value of an attribute is read as.
  enum AttributeKind {
    case plain, url, style, script
  }

  private enum State {
    case text
    /// Behind `<`, `</` or `<!`.
    case tagStart, closingTagStart, markup
    case tagName, betweenAttributes, attributeName, afterAttributeName, beforeValue
    /// In a value with that quote, or with none.
    case value(quote: UInt8?)
    case comment
    /// `<!doctype …>`.
    case declaration
    /// In an element whose content is no markup, until its closing tag.
    case raw
  }

  private var state = State.text
  /// The last bytes of a name, in lower case, or of what might end a comment or element.
  private var name: [UInt8] = []
  private var element: [UInt8] = []
  private var attribute = AttributeKind.plain
  /// Whether the URL at hand has begun, and whether its query or fragment has.
  private var hasURLBegun = false
  private var isInQuery = false

  private static let nameLimit = 64
  private static let rawElements = Set(["script", "style", "title", "textarea"].map { Array($0.utf8) })

  // MARK: - Following

  /// Goes on behind a text that stands in the page as it is.
  mutating func read(_ text: String) {
    for byte in text.utf8 { read(byte) }
  }

  private mutating func read(_ byte: UInt8) {
    switch state {
    case .text: if byte == UInt8(ascii: "<") { state = .tagStart }
    case .tagStart, .closingTagStart, .markup: readTagStart(byte)
    case .tagName: readTagName(byte)
    case .betweenAttributes, .attributeName, .afterAttributeName, .beforeValue: readAttribute(byte)
    case .value(let quote): readValue(byte, quote)
    case .comment:
      keep(byte)
      if name.suffix(3) == Array("-->".utf8)[...] { leave() }
    case .declaration: if byte == UInt8(ascii: ">") { leave() }
    case .raw:
      keep(byte.lowercased)
      let end = Array("</".utf8) + element
      if name.suffix(end.count) == end[...] {
        element = []
        name = []
        state = .betweenAttributes
      }
    }
  }

  private mutating func keep(_ byte: UInt8) {
    if name.count >= Self.nameLimit { name.removeFirst(Self.nameLimit / 2) }
    name.append(byte)
  }

  private mutating func leave() {
    name = []
    state = .text
  }

  private mutating func readTagStart(_ byte: UInt8) {
    switch (state, byte) {
    case (.markup, UInt8(ascii: "-")):
      guard name.isEmpty else {
        name = []
        return state = .comment
      }
      name = [byte]
    case (.markup, _): byte == UInt8(ascii: ">") ? leave() : (state = .declaration)
    case (_, _) where byte.isASCIILetter:
      element = []
      name = [byte.lowercased]
      if case .closingTagStart = state { isClosing = true } else { isClosing = false }
      state = .tagName
    case (.tagStart, UInt8(ascii: "/")): state = .closingTagStart
    case (.tagStart, UInt8(ascii: "!")):
      name = []
      state = .markup
    case (.tagStart, UInt8(ascii: "?")), (.closingTagStart, _): state = .declaration
    case (.tagStart, UInt8(ascii: "<")): break
    default: leave()
    }
  }

  /// Whether the tag at hand ends an element.
  private var isClosing = false

  private mutating func readTagName(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: ">"):
      element = isClosing ? [] : name
      endTag()
    case _ where byte.isHTMLSpace || byte == UInt8(ascii: "/"):
      element = isClosing ? [] : name
      name = []
      state = .betweenAttributes
    default: keep(byte.lowercased)
    }
  }

  private mutating func endTag() {
    name = []
    state = Self.rawElements.contains(element) ? .raw : .text
  }

  private mutating func readAttribute(_ byte: UInt8) {
    switch (state, byte) {
    case (.beforeValue, _) where byte.isHTMLSpace: break
    case (.beforeValue, UInt8(ascii: "\"")), (.beforeValue, UInt8(ascii: "'")): state = .value(quote: byte)
    case (_, UInt8(ascii: ">")): endTag()
    case (.beforeValue, _):
      state = .value(quote: nil)
      readValue(byte, nil)
    case (.attributeName, UInt8(ascii: "=")), (.afterAttributeName, UInt8(ascii: "=")):
      attribute = Self.kind(of: String(decoding: name, as: UTF8.self))
      (hasURLBegun, isInQuery) = (false, false)
      name = []
      state = .beforeValue
    case (_, UInt8(ascii: "/")):
      name = []
      state = .betweenAttributes
    case (.attributeName, _): byte.isHTMLSpace ? (state = .afterAttributeName) : keep(byte.lowercased)
    default:
      guard !byte.isHTMLSpace else { return }
      name = [byte.lowercased]
      state = .attributeName
    }
  }

  private mutating func readValue(_ byte: UInt8, _ quote: UInt8?) {
    if byte == quote || (quote == nil && byte.isHTMLSpace) {
      name = []
      state = .betweenAttributes
    } else if quote == nil, byte == UInt8(ascii: ">") {
      endTag()
    } else if !byte.isHTMLSpace {
      hasURLBegun = true
      if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { isInQuery = true }
    }
  }

  /// The attributes that browsers and mail programs follow, run or draw by.
  static func kind(of name: String) -> AttributeKind {
    var name = name[...]
    if name.hasPrefix("data-") {
      name = name.dropFirst(5)
    } else if let colon = name.firstIndex(of: ":") {
      if name[..<colon] == "xmlns" { return .url }
      name = name[name.index(after: colon)...]
    }
    if name.hasPrefix("on") { return .script }
    if name == "style" { return .style }
    let isURL = urlAttributes.contains(String(name)) || ["src", "uri", "url"].contains { name.contains($0) }
    return isURL ? .url : .plain
  }

  private static let urlAttributes: Set<String> = [
    "action", "archive", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon", "longdesc",
    "manifest", "poster", "profile", "src", "srcset", "usemap", "xmlns",
  ]

  // MARK: - Writing

  /// What a value becomes here; the place is the one behind it afterwards.
  mutating func write(_ text: String, _ trust: TrustedText.Kind?) -> String {
    switch state {
    case .text:
      switch trust {
      case .html:
        read(text)
        return text
      case .escapedForHTML: return text
      default: return htmlText(text)
      }
    case .raw: return rawText(text)
    case .comment: return ""
    case .declaration: return htmlText(text)
    case .value(let quote): return value(text, trust, isQuoted: quote != nil)
    case .beforeValue:
      state = .value(quote: nil)
      return value(text, trust, isQuoted: false)
    case .tagStart, .closingTagStart, .markup, .tagName, .betweenAttributes, .attributeName, .afterAttributeName:
      let written = Self.nameText(text)
      read(written)
      return written
    }
  }

  /// In `title` and `textarea` no element can begin, in `script` and `style` a value is a constant.
  private func rawText(_ text: String) -> String {
    switch String(decoding: element, as: UTF8.self) {
    case "script": scriptText(text)
    case "style": styleText(text)
    default: htmlText(text)
    }
  }

  private mutating func value(_ text: String, _ trust: TrustedText.Kind?, isQuoted: Bool) -> String {
    var written = text
    switch attribute {
    case .plain: if trust == .escapedForHTML, isQuoted { return text }
    case .url:
      written = url(text, trust)
      read(written)
    case .style: written = styleText(text)
    case .script: written = scriptText(text)
    }
    guard !isQuoted else { return htmlText(written) }
    return written.isEmpty ? unsafe : unquotedText(written)
  }

  private func url(_ text: String, _ trust: TrustedText.Kind?) -> String {
    if trust == .escapedForQuery, isInQuery { return text }
    if isInQuery, trust != .url { return percentEncoded(text, keepsReserved: false) }
    if !hasURLBegun, trust != .url, !isHarmless(url: text) { return "#" + unsafe }
    return percentEncoded(text, keepsReserved: true)
  }

  /// A name from a value must be one, and of no attribute that is followed or run.
  private static func nameText(_ text: String) -> String {
    let isName =
      !text.isEmpty && text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
    return isName && kind(of: text.lowercased()) == .plain ? text : unsafe
  }
}

/// What stands in place of a value that would do harm.
private let unsafe = "unsafe"

extension UInt8 {
  fileprivate var isHTMLSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) && self != 0x0B }
  fileprivate var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  fileprivate var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
