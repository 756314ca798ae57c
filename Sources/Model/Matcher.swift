package import Patterns

/// A condition on one label: equal, different, or matched by an anchored RE2 pattern or not.
///
/// A missing label is the empty string, as in Alertmanager: `foo!="bar"` accepts alerts without `foo`.
package struct Matcher: Hashable, Sendable {
  /// How name and value are compared.
  package enum Operator: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case matches = "=~"
    case matchesNot = "!~"
  }

  package let name: String
  package let operation: Operator
  package let value: String
  private let pattern: Pattern?

  /// With `dotMatchesLineBreaks` a dot in a pattern matches any character, as in Prometheus; in Alertmanager it doesn't.
  /// - Throws: when `value` is not a pattern RE2 accepts and `operation` asks for one.
  package init(
    _ name: String, _ operation: Operator, _ value: String, dotMatchesLineBreaks: Bool = false
  ) throws(PatternSyntaxError) {
    self.name = name
    self.operation = operation
    self.value = value
    switch operation {
    case .equal, .notEqual: pattern = nil
    case .matches, .matchesNot:
      pattern = try Pattern.shared(anchored: value, dotMatchesLineBreaks: dotMatchesLineBreaks)
    }
  }

  /// The matcher `name="value"`.
  package init(_ name: String, equals value: String) {
    self.name = name
    self.value = value
    operation = .equal
    pattern = nil
  }

  /// Whether a label of this value passes.
  package func accepts(_ text: String) -> Bool {
    switch operation {
    case .equal: text.hasBytes(of: value)
    case .notEqual: !text.hasBytes(of: value)
    case .matches: pattern?.matches(text) ?? false
    case .matchesNot: !(pattern?.matches(text) ?? false)
    }
  }

  /// Whether these labels pass.
  package func accepts(_ labels: Labels) -> Bool {
    accepts(labels[name])
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.operation == right.operation && left.value == right.value
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(operation)
    hasher.combine(value)
  }
}

extension String {
  /// Whether two texts are equal byte by byte: Swift's `==` takes canonically equivalent ones for equal.
  fileprivate func hasBytes(of other: String) -> Bool {
    self == other && utf8.elementsEqual(other.utf8)
  }
}

extension Matcher: CustomStringConvertible, Comparable {
  /// `name=~"value"`, the value quoted as in Go.
  package var description: String { name + operation.rawValue + value.quotedAsGo }

  /// By name, then value, then operator: the order in which Alertmanager prints a list.
  package static func < (left: Self, right: Self) -> Bool {
    if left.name != right.name { return left.name.precedesInBytes(right.name) }
    if left.value != right.value { return left.value.precedesInBytes(right.value) }
    return left.operation.order < right.operation.order
  }
}

extension Matcher.Operator {
  fileprivate var order: Int {
    switch self {
    case .equal: 0
    case .notEqual: 1
    case .matches: 2
    case .matchesNot: 3
    }
  }
}

extension Collection<Matcher> {
  /// Whether all of these pass.
  package func accept(_ labels: Labels) -> Bool {
    allSatisfy { $0.accepts(labels) }
  }
}
