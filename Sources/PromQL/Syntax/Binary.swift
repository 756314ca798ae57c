/// `left op right`.
package struct Binary: Hashable, Sendable {
  package var operation: BinaryOperator
  package var left: Expr
  package var right: Expr
  /// Whether a comparison gives 0 or 1 instead of filtering.
  package var returnsBool: Bool
  /// `nil` unless both sides are vectors.
  package var matching: VectorMatching?

  package init(
    _ operation: BinaryOperator, _ left: Expr, _ right: Expr, returnsBool: Bool = false,
    matching: VectorMatching? = nil
  ) {
    self.operation = operation
    self.left = left
    self.right = right
    self.returnsBool = returnsBool
    self.matching = matching
  }
}

/// How the elements of two vectors find each other.
package struct VectorMatching: Hashable, Sendable {
  /// How many elements of each side may share the matching labels.
  package enum Cardinality: Hashable, Sendable {
    case oneToOne
    /// `group_left`
    case manyToOne
    /// `group_right`
    case oneToMany
    /// The set operators.
    case manyToMany
  }

  package var cardinality: Cardinality
  /// Whether ``labels`` are those compared (`on`), and not those left out (`ignoring`, or nothing).
  package var on: Bool
  package var labels: [String]
  /// The labels that `group_left` and `group_right` bring from the one side.
  package var include: [String]
  /// `fill`, `fill_left`: the value in place of a missing left element (experimental).
  package var fillLeft: NumberLiteral?
  /// `fill`, `fill_right`.
  package var fillRight: NumberLiteral?

  package init(
    _ cardinality: Cardinality = .oneToOne, on: Bool = false, labels: [String] = [], include: [String] = [],
    fillLeft: NumberLiteral? = nil, fillRight: NumberLiteral? = nil
  ) {
    self.cardinality = cardinality
    self.on = on
    self.labels = labels
    self.include = include
    self.fillLeft = fillLeft
    self.fillRight = fillRight
  }
}

/// The operators between two expressions, as they are written.
package enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  case or, and, unless
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case power = "^"
  case atan2
  /// `</`: the part of a native histogram below a value.
  case trimUpper = "</"
  /// `>/`: the part of a native histogram above a value.
  case trimLower = ">/"

  /// `or`, `and`, `unless`.
  package var isSet: Bool {
    switch self {
    case .or, .and, .unless: true
    default: false
    }
  }

  /// The six that compare.
  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  /// From 1, `or`, to 6, `^`: what binds tighter is higher.
  package var precedence: Int {
    switch self {
    case .or: 1
    case .and, .unless: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .trimUpper, .trimLower: 3
    case .add, .subtract: 4
    case .multiply, .divide, .modulo, .atan2: 5
    case .power: 6
    }
  }
}
