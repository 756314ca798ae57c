package import JSON
import Patterns
import Synchronization

/// Judges a value by a JSON Schema: the words of draft 7 and of 2020-12 that ours use, and a stop at any other.
package final class SchemaValidator: Sendable {
  private let root: JSONValue
  /// Whether an object may have no member but those that its schema names, though the schema is open for more.
  private let isClosed: Bool
  private let seen = Mutex<Set<String>>([])

  package init(root: JSONValue, isClosed: Bool = false) {
    self.root = root
    self.isClosed = isClosed
  }

  /// Why the schema refuses `value`; empty when it accepts it.
  package func problems(of value: JSONValue) -> [String] { problems(of: value, by: root) }

  /// Why a schema, whose references are to this validator's document, refuses `value`.
  package func problems(of value: JSONValue, by schema: JSONValue) -> [String] { problems(value, schema, "") }

  /// The members that some value judged so far had, as `<schema's description>.<name>`.
  package var usedMembers: Set<String> { seen.withLock { $0 } }

  /// Every member that the schemas below `schema` name, written as ``usedMembers`` writes them.
  package func namedMembers(below schema: JSONValue) -> Set<String> {
    switch schema {
    case .array(let items): return items.reduce(into: []) { $0.formUnion(namedMembers(below: $1)) }
    case .object(let members):
      var names: Set<String> = []
      if case .object(let properties)? = schema["properties"] {
        names = Set(properties.map { Self.name(of: $0.name, in: schema) })
      }
      return members.reduce(into: names) { $0.formUnion(namedMembers(below: $1.value)) }
    default: return []
    }
  }

  private static func name(of member: String, in schema: JSONValue) -> String {
    (schema["description"]?.string ?? "") + "." + member
  }

  private func problems(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    switch schema {
    case .bool(let accepts): return accepts ? [] : [path + ": nothing may stand here"]
    case .object(let members): return members.flatMap { word($0.name, $0.value, value, schema, path) }
    default: return [path + ": the schema is no schema"]
    }
  }

  private func word(
    _ word: String, _ operand: JSONValue, _ value: JSONValue, _ schema: JSONValue, _ path: String
  ) -> [String] {
    switch word {
    case "$schema", "$id", "title", "description", "definitions", "then", "else", "default", "example", "examples":
      return []
    case "$ref": return problems(value, resolve(operand), path)
    case "if":
      let branch = problems(value, operand, path).isEmpty ? "then" : "else"
      return schema[branch].map { problems(value, $0, path) } ?? []
    case "not": return problems(value, operand, path).isEmpty ? [path + ": is excluded"] : []
    case "allOf": return (operand.array ?? []).flatMap { problems(value, $0, path) }
    case "anyOf", "oneOf":
      let results = (operand.array ?? []).map { problems(value, $0, path) }
      let accepting = results.count(where: \.isEmpty)
      if word == "anyOf" ? accepting > 0 : accepting == 1 { return [] }
      return [path + ": \(accepting) of \(results.count) forms: " + results.flatMap(\.self).joined(separator: " | ")]
    case "type":
      let types = operand.array ?? [operand]
      return types.contains { value.isOf(type: $0.string ?? "") } ? [] : [path + ": is not of type \(operand.text)"]
    case "const": return value == operand ? [] : [path + ": is not \(operand.text)"]
    case "enum": return (operand.array ?? []).contains(value) ? [] : [path + ": is none of \(operand.text)"]
    default: return constraint(word, operand, value, schema, path)
    }
  }

  private func constraint(
    _ word: String, _ operand: JSONValue, _ value: JSONValue, _ schema: JSONValue, _ path: String
  ) -> [String] {
    switch (word, value) {
    case ("pattern", .string(let text)): return matches(operand, text) ? [] : [path + ": doesn't match \(operand.text)"]
    case ("format", .string(let text)): return operand.isForm(of: text) ? [] : [path + ": is no \(operand.text)"]
    case ("minLength", .string(let text)): return text.count >= operand.count ? [] : [path + ": is too short"]
    case ("minimum", .integer(let number)): return number >= operand.count ? [] : [path + ": is too small"]
    case ("maximum", .integer(let number)): return number <= operand.count ? [] : [path + ": is too large"]
    case ("items", .array(let items)):
      return items.enumerated().flatMap { problems($1, operand, path + "[\($0)]") }
    case ("propertyNames", .object(let members)):
      return members.flatMap { problems(.string($0.name), operand, path + "." + $0.name) }
    case ("minProperties", .object(let members)): return members.count >= operand.count ? [] : [path + ": is empty"]
    case ("maxProperties", .object(let members)): return members.count <= operand.count ? [] : [path + ": has too much"]
    case ("minItems", .array(let items)): return items.count >= operand.count ? [] : [path + ": has too few items"]
    case ("maxItems", .array(let items)): return items.count <= operand.count ? [] : [path + ": has too many items"]
    case ("uniqueItems", .array(let items)):
      return Set(items).count == items.count ? [] : [path + ": has an item twice"]
    case ("required", .object(let members)):
      return (operand.array ?? []).compactMap(\.string).filter { name in !members.contains { $0.name == name } }
        .map { path + ": lacks \($0)" }
    case ("dependencies", .object(let members)):
      guard case .object(let needs) = operand else { return [] }
      return needs.filter { need in members.contains { $0.name == need.name } }.flatMap { need in
        constraint("required", need.value, value, schema, path)
      }
    case ("properties", .object(let members)):
      return members.flatMap { member in
        guard let known = operand[member.name] else {
          return isClosed && schema["additionalProperties"] == nil ? [path + ": has \(member.name) besides"] : []
        }
        _ = seen.withLock { $0.insert(Self.name(of: member.name, in: schema)) }
        return problems(member.value, known, path + "." + member.name)
      }
    case ("additionalProperties", .object(let members)):
      let known = schema["properties"]
      let patterns = schema["patternProperties"]
      return members.filter { known?[$0.name] == nil && !isNamed($0.name, by: patterns) }
        .flatMap { problems($0.value, operand, path + "." + $0.name) }
    case ("patternProperties", _), ("pattern", _), ("format", _), ("minLength", _), ("minimum", _), ("maximum", _),
      ("items", _),
      ("minItems", _), ("maxItems", _), ("uniqueItems", _), ("required", _), ("dependencies", _), ("properties", _),
      ("additionalProperties", _), ("propertyNames", _), ("maxProperties", _), ("minProperties", _):
      return []
    default: return [path + ": the word '\(word)' isn't known here"]
    }
  }

  private func isNamed(_ name: String, by patterns: JSONValue?) -> Bool {
    guard case .object(let members)? = patterns else { return false }
    return members.contains { matches(.string($0.name), name) }
  }

  private func matches(_ pattern: JSONValue, _ text: String) -> Bool {
    guard let pattern = pattern.string, let compiled = try? Pattern.shared(anchored: "(?s:.*)(?:\(pattern))(?s:.*)")
    else { return false }
    return compiled.matches(text)
  }

  private func resolve(_ reference: JSONValue) -> JSONValue {
    (reference.string ?? "").split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? .bool(false) }
  }
}

extension JSONValue {
  fileprivate var count: Int {
    guard case .integer(let number) = self else { return 0 }
    return Int(number)
  }

  fileprivate func isOf(type: String) -> Bool {
    switch (self, type) {
    case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"), (.number, "number"),
      (.string, "string"), (.array, "array"), (.object, "object"):
      true
    default: false
    }
  }

  /// Whether `text` has the form of this name; forms that aren't known here have any.
  fileprivate func isForm(of text: String) -> Bool {
    guard string == "date-time" else { return true }
    return text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z/) != nil
  }
}
