import Model

@testable import PromQL

extension ConformanceEval {
  /// Whether the result can be found in a range query's.
  var isComparableAsRange: Bool {
    !isOrdered && string == nil && places == nil
      && !["start()", "end()", "range()", "step()"].contains { query.contains($0) }
  }

  /// Checks that the query was meant to fail like this.
  func check(_ error: EvaluationError) throws(Mismatch) {
    if error == .nativeHistogram { throw .nativeHistogram }
    guard let failure else { throw .wrong("fails: \(error)") }
    guard failure.match("\(error)") else { throw .wrong("expected the failure \(failure), got: \(error)") }
  }

  /// Checks that the query was meant to fail, and that it doesn't even parse because of that.
  func check(_ problems: [ExpressionProblem]) throws(Mismatch) {
    if let failure, problems.contains(where: { failure.match($0.message) }) { return }
    throw .wrong("doesn't parse: \(problems.map { "\($0.range) \($0.message)" })")
  }

  func check(_ result: QueryResult) throws(Mismatch) {
    if let failure { throw .wrong("expected the failure \(failure), got \(result.value)") }
    try check(result.annotations)
    try check(result.value)
  }

  private func check(_ found: [Annotation]) throws(Mismatch) {
    for (level, annotations) in annotations {
      let texts = found.filter { $0.level == level }.map { $0.description(in: query) }
      if annotations.isForbidden, !texts.isEmpty { throw .wrong("expected no \(level.rawValue), got \(texts)") }
      for words in annotations.expected where !texts.contains(where: words.match) {
        throw .wrong("expected the \(level.rawValue) \(words), got \(texts)")
      }
      guard !annotations.expected.isEmpty else { continue }
      for text in texts where !annotations.expected.contains(where: { $0.match(text) }) {
        throw .wrong("unexpected \(level.rawValue): \(text)")
      }
    }
  }

  func check(_ value: QueryValue) throws(Mismatch) {
    switch value {
    case .string(let text):
      guard text == string else { throw .wrong("expected \(string.debugDescription), got the string \(text)") }
    case _ where string != nil: throw .wrong("expected a string, got \(value)")
    case .scalar(let number):
      guard let scalar else { throw .wrong("expected a vector, got the scalar \(number)") }
      guard number.isNearly(scalar, within: 1e-6) else { throw .wrong("expected \(scalar), got \(number)") }
    case _ where scalar != nil: throw .wrong("expected a scalar, got \(value)")
    case .vector(let samples): try check(samples)
    case .matrix(let matrix): try check(matrix)
    }
  }

  private func check(_ samples: [QuerySample]) throws(Mismatch) {
    for (place, sample) in samples.enumerated() {
      guard let index = series.firstIndex(where: { $0.labels == sample.labels }) else {
        throw .wrong("unexpected \(sample.labels) \(sample.value)")
      }
      if isOrdered, index != place {
        throw .wrong("expected \(sample.labels) at place \(index + 1), got it at \(place + 1)")
      }
      let expected: Double
      switch series[index].values.first {
      case .number(let number): expected = number
      case .missing: expected = 0
      default: throw .wrong("no value is given for \(sample.labels)")
      }
      guard sample.value.isNearly(expected, within: 1e-6) else {
        throw .wrong("expected \(sample.labels) \(expected), got \(sample.value)")
      }
    }
    for expected in series where !samples.contains(where: { $0.labels == expected.labels }) {
      throw .wrong("expected \(expected.labels) \(expected.values), got none")
    }
    guard samples.count == series.count else { throw .wrong("labels come more than once: \(samples)") }
  }

  private func check(_ matrix: [SampleSeries]) throws(Mismatch) {
    if isOrdered { throw .wrong("expected an ordered vector, got a matrix") }
    try Self.checkOrder(matrix)
    let places = places ?? times
    let step = places.step ?? .zero
    for found in matrix {
      guard let expected = series.first(where: { $0.labels == found.labels }) else {
        throw .wrong("unexpected \(found.labels) \(found.values)")
      }
      let wanted = expected.samples(from: places.start, step: step)
      guard wanted.times == found.times else {
        throw .wrong("expected \(found.labels) \(wanted.points), got \(found.points)")
      }
      for (wantedValue, value) in zip(wanted.values, found.values) where !value.isNearly(wantedValue, within: 1e-6) {
        throw .wrong("expected \(found.labels) \(wanted.points), got \(found.points)")
      }
    }
    for expected in series where !matrix.contains(where: { $0.labels == expected.labels }) {
      throw .wrong("expected \(expected.labels) \(expected.values), got none")
    }
    guard matrix.count == series.count else { throw .wrong("labels come more than once") }
  }

  /// Matrices are sorted by labels.
  static func checkOrder(_ matrix: [SampleSeries]) throws(Mismatch) {
    for (first, second) in zip(matrix, matrix.dropFirst()) where second.labels < first.labels {
      throw .wrong("\(second.labels) comes after \(first.labels)")
    }
  }
}

extension SampleSeries {
  fileprivate var points: String {
    zip(times, values).map { "\($1)@\($0.millisecondsSinceEpoch)" }.joined(separator: " ")
  }
}
