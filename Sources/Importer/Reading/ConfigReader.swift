import Diagnostics
import Model
import YAML

/// One configuration file while it is read: findings, and where they stand.
struct ConfigReader {
  let file: String
  /// Lines before the text, where it is part of another file.
  var lineOffset: Int32 = 0
  var diagnostics = Diagnostics()

  init(file: String) {
    self.file = file
  }

  func span(_ range: SourceRange) -> SourceSpan {
    var range = range
    range.start.line += lineOffset
    range.end.line += lineOffset
    return SourceSpan(file: file, range: range)
  }

  /// `file:line`, for texts.
  func place(_ range: SourceRange) -> String { "\(file):\(range.start.line + lineOffset)" }

  mutating func error(_ code: String, _ message: String, at range: SourceRange, fix: String? = nil) {
    diagnostics.error(code, message, at: span(range), fix: fix)
  }

  mutating func error(_ code: ImportCode, _ message: String, at range: SourceRange, fix: String? = nil) {
    error(code.rawValue, message, at: range, fix: fix)
  }

  mutating func warning(_ code: ImportCode, _ message: String, at range: SourceRange, fix: String? = nil) {
    diagnostics.warning(code.rawValue, message, at: span(range), fix: fix)
  }

  // MARK: Values

  /// A mapping with these fields; unknown ones are errors. A missing value is an empty mapping.
  mutating func section(_ node: YAMLNode, _ what: String, _ known: [String]) -> Section {
    if node.isNull { return Section(entries: [], range: node.range) }
    guard let entries = node.entries else {
      error("wrong-type", "\(node.kindWords) stands where \(what) is expected", at: node.range)
      return Section(entries: [], range: node.range)
    }
    for entry in entries where !known.contains(entry.name) {
      let near = nearest(to: entry.name, in: known).map { "; did you mean '\($0)'?" } ?? ""
      error(
        "unknown-field", "\(what) has no field '\(entry.name.shortened)'" + near, at: entry.key.range,
        fix: "remove it: Alertmanager refuses fields that it doesn't know")
    }
    return Section(entries: entries, range: node.range)
  }

  mutating func items(_ node: YAMLNode?, _ what: String) -> [YAMLNode] {
    guard let node, !node.isNull else { return [] }
    if let items = node.items { return items }
    error("wrong-type", "\(node.kindWords) stands where a list of \(what) is expected", at: node.range)
    return []
  }

  /// The text of a scalar; empty and missing are `nil`.
  mutating func text(_ node: YAMLNode?, _ what: String) -> String? {
    guard let node, !node.isNull else { return nil }
    guard let text = node.text else {
      error("wrong-type", "\(node.kindWords) stands where \(what) is expected", at: node.range)
      return nil
    }
    return text.isEmpty ? nil : text
  }

  mutating func boolean(_ node: YAMLNode?) -> Bool? {
    guard let node, !node.isNull else { return nil }
    if let value = node.scalar?.bool { return value }
    if let scalar = node.scalar, case .boolean(let value)? = scalar.yaml11Reading { return value }
    error("wrong-type", "\(node.kindWords) stands where true or false is expected", at: node.range)
    return nil
  }

  /// A duration as Prometheus writes it, kept as it is written.
  mutating func duration(_ node: YAMLNode?, allowsZero: Bool = true) -> String? {
    guard let node, let text = text(node, "a duration") else { return nil }
    do {
      guard try Duration(prometheus: text) != .zero || allowsZero else {
        error("out-of-range", "a duration of zero is not accepted here", at: node.range)
        return nil
      }
      return text
    } catch {
      self.error(
        "malformed-duration", "'\(text.shortened)' is not a duration", at: node.range,
        fix: "write whole numbers with y, w, d, h, m, s or ms, such as 30s, 5m or 1h30m")
      return nil
    }
  }

  mutating func words(_ node: YAMLNode?, _ what: String) -> [String] {
    items(node, what).compactMap { text($0, "one of the \(what)") }
  }
}

/// A mapping whose fields are known.
struct Section {
  let entries: [YAMLEntry]
  let range: SourceRange

  /// `nil` where it is missing or null.
  subscript(name: String) -> YAMLNode? {
    for entry in entries where entry.name == name { return entry.value.isNull ? nil : entry.value }
    return nil
  }

  func isWritten(_ name: String) -> Bool { entries.contains { $0.name == name } }

  /// Where the field's name stands; the mapping's start when it is missing.
  func place(of name: String) -> SourceRange {
    entries.first { $0.name == name }?.key.range ?? SourceRange(range.start, range.start)
  }
}

extension String {
  /// One line of at most 60 characters.
  var shortened: String {
    let line = prefix { !$0.isNewline }
    return line.count > 60 || line.count < count ? String(line.prefix(60)) + "…" : self
  }

  /// Whether it is a template and not only text.
  var isTemplate: Bool { contains("{{") }
}
