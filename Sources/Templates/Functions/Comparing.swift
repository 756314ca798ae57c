/// Go's comparison functions: only values of one basic kind compare.
extension TemplateFunction {
  private static let badKinds = TemplateCallError.function("incompatible types for comparison")
  private static let badKind = TemplateCallError.function("invalid type for comparison")

  func compare(_ given: TemplateArguments) throws(TemplateCallError) -> Bool {
    switch self {
    case .eq:
      guard given.count > 1 else { throw .function("missing argument for comparison") }
      for other in given.values.dropFirst() where try Self.areEqual(given[0], other) { return true }
      return false
    case .ne: return try !Self.areEqual(given[0], given[1])
    case .lt: return try Self.isLess(given[0], given[1])
    case .le: return try Self.isAtMost(given[0], given[1])
    // As in Go, so that NaN is greater than everything.
    case .gt: return try !Self.isAtMost(given[0], given[1])
    default: return try !Self.isLess(given[0], given[1])
    }
  }

  private static func isAtMost(_ a: TemplateValue, _ b: TemplateValue) throws(TemplateCallError) -> Bool {
    if try isLess(a, b) { return true }
    return try areEqual(a, b)
  }

  private static func areEqual(_ a: TemplateValue, _ b: TemplateValue) throws(TemplateCallError) -> Bool {
    switch (a.basic, b.basic) {
    case (.string(let a), .string(let b)): return a == b
    case (.bool(let a), .bool(let b)): return a == b
    case (.integer(let a), .integer(let b)): return a == b
    case (.float(let a), .float(let b)): return a == b
    case (.none, .none): return true
    case (.none, _), (_, .none): return false
    case (.time(let a), .time(let b)): return a == b
    case (.labels, .labels), (.map, .map), (.list, .list):
      throw .function("non-comparable type \(a.typeName)")
    default: throw badKinds
    }
  }

  private static func isLess(_ a: TemplateValue, _ b: TemplateValue) throws(TemplateCallError) -> Bool {
    switch (a.basic, b.basic) {
    case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.integer(let a), .integer(let b)): return a < b
    case (.float(let a), .float(let b)): return a < b
    case (.bool, .bool): throw badKind
    case (let a, let b): throw a.isBasic && b.isBasic ? badKinds : badKind
    }
  }
}

extension TemplateValue {
  /// The value as Go's kinds see it: a duration or a month is an integer.
  fileprivate var basic: TemplateValue {
    switch bare {
    case .duration(let duration): .integer(Int(duration.nanoseconds))
    case let bare: bare
    }
  }

  fileprivate var isBasic: Bool {
    switch self {
    case .string, .bool, .integer, .float: true
    default: false
    }
  }
}
