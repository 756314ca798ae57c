package import Model

/// One element of an instant vector.
package struct QuerySample: Hashable, Sendable {
  /// All labels of the series, `__name__` among them.
  package var labels: Labels
  package var value: Double

  package init(_ labels: Labels, _ value: Double) {
    self.labels = labels
    self.value = value
  }
}

/// What an expression evaluates to.
package enum QueryValue: Hashable, Sendable {
  case scalar(Double)
  case string(String)
  /// In the order that the expression asks for, else in any.
  case vector([QuerySample])
  /// Of a range query, or of an instant query for a range vector; sorted by labels.
  case matrix([SampleSeries])
}

/// Something worth telling about a result that is one all the same, in Prometheus's words.
package struct Annotation: Hashable, Sendable {
  /// How grave it is.
  package enum Level: String, Hashable, Sendable {
    case warning, info
  }

  package var level: Level
  /// Without the prefix `PromQL warning: ` and without the place.
  package var message: String
  /// The part of the expression that is meant.
  package var range: Range<Int>

  package init(_ level: Level, _ message: String, at range: Range<Int>) {
    self.level = level
    self.message = message
    self.range = range
  }

  /// As Prometheus prints it: `PromQL info: … (1:6)`, line and column in `text` from 1.
  package func description(in text: String) -> String {
    var line = 1
    var column = 1
    for byte in text.utf8.prefix(range.lowerBound) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return "PromQL \(level.rawValue): \(message) (\(line):\(column))"
  }
}

/// A value with what there is to tell about it.
package struct QueryResult: Hashable, Sendable {
  package var value: QueryValue
  /// Each once, in the order in which they came up.
  package var annotations: [Annotation]

  package init(_ value: QueryValue, annotations: [Annotation] = []) {
    self.value = value
    self.annotations = annotations
  }
}

/// Why an expression has no value.
package enum EvaluationError: Error, Hashable, Sendable {
  /// The query loaded more samples at once than allowed.
  case tooManySamples(limit: Int)
  /// In Prometheus's words: `found duplicate series for the match group …`.
  case failed(String)
  case cancelled
  /// The data holds native histograms, which this version doesn't evaluate.
  case nativeHistogram
}

extension EvaluationError: CustomStringConvertible {
  /// In the words of Prometheus where it has some.
  package var description: String {
    switch self {
    case .tooManySamples: "query processing would load too many samples into memory in query execution"
    case .failed(let words): words
    case .cancelled: "query was canceled in query execution"
    case .nativeHistogram: "the data holds native histograms, which are not supported"
    }
  }
}
