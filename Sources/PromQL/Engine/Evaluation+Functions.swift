import Model

extension Evaluation {
  /// A vector with every value changed and the names gone.
  mutating func changed(
    _ inner: VectorPlan, on grid: StepGrid, _ change: (_ step: Int, Double) -> Double
  ) throws(EvaluationError) -> StepMatrix {
    var matrix = try vector(inner, on: grid)
    matrix.dropNames()
    matrix.update(change)
    return matrix
  }

  /// A function of one number, over all elements.
  mutating func elementwise(
    _ function: Function, _ inner: VectorPlan, _ scalars: [ScalarPlan], on grid: StepGrid
  ) throws(EvaluationError) -> StepMatrix {
    var matrix = try vector(inner, on: grid)
    let arguments = try argumentRows(scalars, on: grid)
    matrix.dropNames()
    let isConstant = arguments.count == 1
    matrix.update { step, value in
      let scalars = isConstant ? arguments[0] : arguments[step]
      // An interval that ends before it starts holds nothing.
      if function == .clamp, scalars[1] < scalars[0] { return .absent }
      return function.elementwise(value, scalars)
    }
    return function == .clamp ? compacted(matrix) : matrix
  }

  /// A vector without the rows that have lost all values.
  mutating func compacted(_ matrix: StepMatrix) -> StepMatrix {
    let compact = matrix.withoutEmptyRows()
    release(matrix.values.count - compact.values.count)
    return compact
  }

  /// `vector(…)`, or a function of a number in its place.
  mutating func ofScalar(
    _ plan: ScalarPlan, _ function: Function?, on grid: StepGrid
  ) throws(EvaluationError) -> StepMatrix {
    let column = try scalar(plan, on: grid)
    try hold(grid.count)
    var matrix = StepMatrix(steps: grid.count)
    matrix.append(StepSeries(labels: .empty)) { row in
      for step in 0..<grid.count { row[step] = function?.elementwise(column[step], []) ?? column[step] }
      return true
    }
    return matrix
  }

  /// `label_replace` and `label_join`.
  mutating func relabelled(
    _ inner: VectorPlan, _ change: LabelChange, on grid: StepGrid
  ) throws(EvaluationError) -> StepMatrix {
    let relabeller = try Relabeller(change)
    var matrix = try vector(inner, on: grid)
    matrix.relabel(relabeller.apply)
    let before = matrix.values.count
    let result = try merged(matrix)
    release(before - result.values.count)
    return result
  }
}

extension StepMatrix {
  /// The rows in the order asked for; a range of steps has no order of its own.
  func sorted(by order: SortOrder) -> StepMatrix {
    guard steps == 1 else { return self }
    switch order {
    case .byValue(let descending):
      return selecting(
        (0..<count).sorted { first, second in
          let (left, right) = (self[first, 0], self[second, 0])
          // NaN comes last either way.
          if left.isNaN || right.isNaN { return !left.isNaN }
          return descending ? left > right : left < right
        })
    case .byLabels(let names, let descending):
      return selecting(
        (0..<count).sorted { first, second in
          let (left, right) = (series[first].labels, series[second].labels)
          for name in names where left[name] != right[name] {
            return descending
              ? right[name].precedesNaturally(left[name]) : left[name].precedesNaturally(right[name])
          }
          return descending ? right < left : left < right
        })
    }
  }
}

extension String {
  /// Whether this text comes first when runs of digits are compared as numbers.
  func precedesNaturally(_ other: String) -> Bool {
    let (left, right) = (Array(utf8).naturalParts, Array(other.utf8).naturalParts)
    for (a, b) in zip(left, right) where a != b {
      let numbers = (Int(String(decoding: a, as: UTF8.self)), Int(String(decoding: b, as: UTF8.self)))
      guard case (let first?, let second?) = numbers else { return a.lexicographicallyPrecedes(b) }
      if first != second { return first < second }
    }
    return left.count < right.count
  }
}

extension [UInt8] {
  /// Runs of digits and runs of anything else, by turns.
  fileprivate var naturalParts: [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    for index in indices.dropFirst() where isDigit(index) != isDigit(index - 1) {
      parts.append(self[start..<index])
      start = index
    }
    return isEmpty ? [] : parts + [self[start...]]
  }

  private func isDigit(_ index: Int) -> Bool { (0x30...0x39).contains(self[index]) }
}
