import JSON
import Model
import Reconciler
import Specs

/// The fields in which two versions of a resource differ, as the audit keeps them: without secrets, and not too many.
struct AuditFields {
  /// One field that differs.
  struct Difference {
    var name: String
    var before: String?
    var after: String?
    /// The rule of the later version that it is a field of; `nil` for the resource's own, and for a rule that is gone.
    var rule: Int?
  }

  /// More fields of one resource are counted, and longer values cut.
  private static let mostFields = 200
  private static let longestValue = 4000

  /// What differs; every field where one of the two isn't there.
  ///
  /// Rules are told apart by their names, so that a rule put in front of others is one rule, not all of them.
  static func differences(_ before: Resource?, _ after: Resource?) -> [Difference] {
    let (old, new) = (before.map(named) ?? [], after.map(named) ?? [])
    let earlier = Dictionary(old.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let later = Set(new.map(\.name))
    var found = new.compactMap { field -> Difference? in
      let value = earlier[field.name]
      return value == field.value
        ? nil : Difference(name: field.name, before: value, after: field.value, rule: field.rule)
    }
    found += old.filter { !later.contains($0.name) }.map { Difference(name: $0.name, before: $0.value) }
    return found
  }

  /// The fields before and after as two JSON objects, each empty where it would have no member.
  static func json(_ differences: [Difference]) -> (before: String, after: String) {
    var (before, after): ([JSONValue.Member], [JSONValue.Member]) = ([], [])
    for field in differences.prefix(mostFields) {
      let old = field.before.map { shown($0, of: field.name) }
      var new = field.after.map { shown($0, of: field.name) }
      // What is left out differs: that it does is all that may be told.
      if old != nil, old == new { new = new.map { $0 + " ‹changed›" } }
      if let old { before.append(.init(field.name, .string(old))) }
      if let new { after.append(.init(field.name, .string(new))) }
    }
    let rest = differences.count - mostFields
    if rest > 0 { after.append(.init("…", .string("\(rest) more fields"))) }
    return (before.isEmpty ? "" : JSONValue.object(before).text, after.isEmpty ? "" : JSONValue.object(after).text)
  }

  private static func shown(_ value: String, of field: String) -> String {
    let value = Redaction.redacted(value, of: field)
    return value.utf8.count <= longestValue ? value : String(value.prefix(longestValue)) + "…"
  }

  /// With the whole texts of addresses, so that a change of what isn't shown is one; ``shown(_:of:)`` hides it.
  private static func fields(of resource: Resource) -> [Label] {
    var list = FieldList()
    resource.visitFields(&list)
    return list.fields.map { Label($0.name, list.whole[$0.name] ?? $0.value) }
  }

  private static func named(_ resource: Resource) -> [(name: String, value: String, rule: Int?)] {
    guard case .ruleGroup(let group) = resource.spec else {
      return fields(of: resource).map { ($0.name, $0.value, nil) }
    }
    let names = resource.ruleKeys.map { "rules[" + $0 + "]" }
    return fields(of: resource).map { field in
      guard field.name.hasPrefix("rules["), let index = Int(field.name.dropFirst(6).prefix { $0 != "]" }),
        index < names.count
      else { return (field.name, field.value, nil) }
      let own = field.name.dropFirst("rules[\(index)] \(group.rules[index].name)".count)
      return (names[index] + own, field.value, index)
    }
  }
}
