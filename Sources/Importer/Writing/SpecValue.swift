/// A value of a document that is written, in the order in which it is shown.
indirect enum SpecValue: Hashable {
  /// A text, quoted where YAML would read something else.
  case text(String)
  /// `true`, `false` or a number, as it stands.
  case literal(String)
  case list([SpecValue])
  case map([SpecField])
}

/// One field of a mapping.
struct SpecField: Hashable {
  var name: String
  var value: SpecValue

  init(_ name: String, _ value: SpecValue) {
    self.name = name
    self.value = value
  }

  init(_ name: String, _ text: String) {
    self.init(name, .text(text))
  }

  init(_ name: String, _ flag: Bool) {
    self.init(name, .literal(flag ? "true" : "false"))
  }

  init(_ name: String, secret: String) {
    self.init(name, .map([SpecField("secret", secret)]))
  }
}

/// One Belfry document that is written.
struct SpecDocument: Hashable {
  var kind: String
  var name: String
  /// Lines above it, without `#`.
  var comments: [String] = []
  var spec: [SpecField]

  /// The document as YAML, without `---`.
  var text: String {
    var page = SpecPage()
    for comment in comments { page.text += "# " + comment.onOneLine + "\n" }
    page.text += "apiVersion: belfry/v1\nkind: " + kind + "\nmetadata: {name: " + name.asYAML + "}\n"
    page.field(SpecField("spec", .map(spec)), indent: 0)
    return page.text
  }
}

extension [SpecDocument] {
  /// All of them in one file.
  var text: String { map(\.text).joined(separator: "---\n") }
}

/// YAML while it grows.
struct SpecPage {
  var text = ""

  mutating func field(_ field: SpecField, indent: Int) {
    text += String(repeating: " ", count: indent) + field.name.asYAML + ":"
    value(field.value, indent: indent)
  }

  /// A value behind its key or dash; `indent` is the key's column.
  private mutating func value(_ value: SpecValue, indent: Int) {
    if let flow = value.flow, flow.utf8.count + indent < 80 || value.isScalar {
      text += " " + flow + "\n"
      return
    }
    switch value {
    case .text(let content): block(content, indent: indent + 2)
    case .literal(let content): text += " " + content + "\n"
    case .list(let items):
      text += "\n"
      for item in items { self.item(item, indent: indent) }
    case .map(let fields):
      text += "\n"
      for field in fields { self.field(field, indent: indent + 2) }
    }
  }

  private mutating func item(_ item: SpecValue, indent: Int) {
    let dash = String(repeating: " ", count: indent) + "-"
    guard case .map(let fields) = item, item.flow.map({ $0.utf8.count + indent >= 80 }) ?? true, !fields.isEmpty else {
      text += dash
      value(item, indent: indent)
      return
    }
    for (position, field) in fields.enumerated() {
      if position == 0 {
        var first = SpecPage()
        first.field(field, indent: indent + 2)
        text += dash + first.text.dropFirst(indent + 1)
      } else {
        self.field(field, indent: indent + 2)
      }
    }
  }

  private mutating func block(_ content: String, indent: Int) {
    let ends = content.hasSuffix("\n")
    text += ends ? " |\n" : " |-\n"
    let lines = content.split(separator: "\n", omittingEmptySubsequences: false).dropLast(ends ? 1 : 0)
    for line in lines {
      text += line.isEmpty ? "\n" : String(repeating: " ", count: indent) + line + "\n"
    }
  }
}

extension SpecValue {
  fileprivate var isScalar: Bool {
    switch self {
    case .text, .literal: true
    case .list, .map: false
    }
  }

  /// This value on one line; `nil` for a text over several lines that is shown as a block.
  fileprivate var flow: String? {
    switch self {
    case .literal(let text): return text
    case .text(let text): return text.canBeBlock ? nil : text.asYAML
    case .list(let items):
      let parts = items.map(\.flow)
      guard parts.allSatisfy({ $0 != nil }) else { return nil }
      return "[" + parts.compactMap { $0 }.joined(separator: ", ") + "]"
    case .map(let fields):
      // Mappings in mappings are easier to read below each other.
      guard fields.count <= 2, fields.allSatisfy({ $0.value.isScalar }) else { return fields.isEmpty ? "{}" : nil }
      let parts = fields.map { field in field.value.flow.map { field.name.asYAML + ": " + $0 } }
      guard parts.allSatisfy({ $0 != nil }) else { return nil }
      return "{" + parts.compactMap { $0 }.joined(separator: ", ") + "}"
    }
  }
}
