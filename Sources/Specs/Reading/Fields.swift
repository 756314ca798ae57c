import Diagnostics
import YAML

/// The names that a mapping may have, and what is said about some others.
struct FieldNames {
  /// What the mapping is, in a sentence: `a route`.
  let owner: String
  /// Every name that is read.
  let known: [String]
  /// Names of other dialects, each with the dialect it belongs to.
  var dialects: [String: String] = [:]
  /// Names that this version knows of and does not have.
  var later: Set<String> = []
  /// Names with a better answer than "unknown": what to do instead.
  var answers: [String: String] = [:]

  init(_ owner: String, _ known: [String]) {
    self.owner = owner
    self.known = known
  }
}

/// A mapping whose keys are all accounted for: unknown ones are reported when it is made.
struct Fields {
  let names: FieldNames
  let range: SourceRange
  private let pairs: [YAMLEntry]

  private init(names: FieldNames, range: SourceRange, pairs: [YAMLEntry]) {
    self.names = names
    self.range = range
    self.pairs = pairs
  }

  /// `nil`, with a finding, when `node` is not a mapping; a missing value counts as an empty mapping.
  init?(_ node: YAMLNode, _ names: FieldNames, _ reading: inout Reading) {
    self.names = names
    range = node.range
    if node.isNull {
      pairs = []
      return
    }
    guard let pairs = node.entries else {
      reading.error(
        .wrongType, "\(node.kindWords) stands where \(names.owner) is expected", at: node.range,
        fix: "write fields, such as '\(names.known.first ?? "name"): …'")
      return nil
    }
    self.pairs = pairs
    for pair in pairs where !names.known.contains(pair.name) { reading.reportUnknown(pair, names) }
  }

  /// The value of a field; `nil` when it is missing or null, which mean the same everywhere.
  subscript(name: String) -> YAMLNode? {
    for pair in pairs where pair.name == name { return pair.value.isNull ? nil : pair.value }
    return nil
  }

  /// The same without one field, for a caller who reads that one in a way of its own.
  func without(_ name: String) -> Fields { Fields(names: names, range: range, pairs: pairs.filter { $0.name != name }) }

  /// Whether a key of this name is written, known or not.
  func isWritten(_ name: String) -> Bool { pairs.contains { $0.name == name } }

  /// Where the name of a field stands; the mapping itself when it is missing.
  func place(of name: String) -> SourceRange {
    pairs.first { $0.name == name }?.key.range ?? range
  }

  /// The value of a field that must be there.
  func required(_ name: String, _ reading: inout Reading, fix: String? = nil) -> YAMLNode? {
    if let node = self[name] { return node }
    reading.error(
      .missingField, "\(names.owner) needs '\(name)'", at: range.firstLineStart, fix: fix ?? "add '\(name): …'")
    return nil
  }
}

extension Reading {
  fileprivate mutating func reportUnknown(_ pair: YAMLEntry, _ names: FieldNames) {
    let name = pair.name
    if name.hasPrefix("x-") { return }
    if let dialect = names.dialects[name] {
      error(
        .otherDialect, "'\(name)' is a field of \(dialect), not of Prometheus", at: pair.key.range,
        fix: "remove it; where \(dialect) needs it, keep this file there and name it in .belfryignore")
    } else if let answer = names.answers[name] {
      error(.unknownField, "\(names.owner) has no field '\(name)'", at: pair.key.range, fix: answer)
    } else if names.later.contains(name) {
      error(
        .notAvailable, "'\(name)' is not available in this version", at: pair.key.range,
        fix: "remove it; \(names.owner) has \(names.known.joined(separator: ", "))")
    } else {
      let near = Wording.suggestion(name, among: names.known)
      error(
        .unknownField, "\(names.owner) has no field '\(Wording.short(name))'" + near, at: pair.key.range,
        fix: near.isEmpty ? "its fields are \(names.known.joined(separator: ", "))" : nil)
    }
  }
}

extension SourceRange {
  /// The first place of this range alone, for findings about all of a long mapping.
  var firstLineStart: SourceRange { SourceRange(start, start) }
}
