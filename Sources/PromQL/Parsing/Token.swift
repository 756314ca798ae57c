/// What a token is.
enum TokenKind: Equatable, Sendable {
  case end
  /// Something that was reported already.
  case bad
  case leftParenthesis, rightParenthesis, leftBrace, rightBrace, leftBracket, rightBracket
  case comma, colon, at
  /// `=`, `=~` and `!~`; `!=` is ``binary(_:)``.
  case assign, regexMatch, regexNotMatch
  case string, number, duration
  /// A name without a colon.
  case word
  /// A name with a colon.
  case metricWord
  case keyword(Keyword)
  case aggregator(AggregationOperator)
  case binary(BinaryOperator)
}

/// The words that mean something at some places.
enum Keyword: String, Sendable, CaseIterable {
  case offset, smoothed, anchored, by, without, on, ignoring
  case groupLeft = "group_left"
  case groupRight = "group_right"
  case fill
  case fillLeft = "fill_left"
  case fillRight = "fill_right"
  case bool, start, end, step, range
  case maxOf = "max_of"
  case minOf = "min_of"
}

extension TokenKind {
  /// Whether a metric may have this name without quotes (the rule `metric_identifier` of Prometheus's grammar).
  var isMetricName: Bool {
    switch self {
    case .word, .metricWord, .aggregator, .binary(.and), .binary(.or), .binary(.unless): true
    case .keyword(let keyword):
      switch keyword {
      case .on, .ignoring, .groupLeft, .groupRight, .bool: false
      default: true
      }
    default: false
    }
  }

  /// Whether a label may have this name without quotes in `by`, `on` and the like (the rule `maybe_label`).
  var isLabelName: Bool {
    switch self {
    case .word, .metricWord, .aggregator, .binary(.and), .binary(.or), .binary(.unless), .binary(.atan2): true
    case .keyword(let keyword): keyword != .without
    default: false
    }
  }
}

/// A stretch of the text; its bytes are looked up where they matter.
struct Token: Equatable, Sendable {
  var kind: TokenKind
  var start: Int
  var end: Int

  var range: Range<Int> { start..<end }
}
