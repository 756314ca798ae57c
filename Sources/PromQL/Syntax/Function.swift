/// The functions of PromQL, as they are written (Prometheus 3.14).
package enum Function: String, Hashable, Sendable, CaseIterable {
  case abs
  case absent
  case absentOverTime = "absent_over_time"
  case acos
  case acosh
  case asin
  case asinh
  case atan
  case atanh
  case avgOverTime = "avg_over_time"
  case ceil
  case changes
  case clamp
  case clampMax = "clamp_max"
  case clampMin = "clamp_min"
  case cos
  case cosh
  case countOverTime = "count_over_time"
  case dayOfMonth = "day_of_month"
  case dayOfWeek = "day_of_week"
  case dayOfYear = "day_of_year"
  case daysInMonth = "days_in_month"
  case deg
  case delta
  case deriv
  case doubleExponentialSmoothing = "double_exponential_smoothing"
  case end
  case exp
  case firstOverTime = "first_over_time"
  case floor
  case histogramAvg = "histogram_avg"
  case histogramCount = "histogram_count"
  case histogramFraction = "histogram_fraction"
  case histogramQuantile = "histogram_quantile"
  case histogramQuantiles = "histogram_quantiles"
  case histogramStddev = "histogram_stddev"
  case histogramStdvar = "histogram_stdvar"
  case histogramSum = "histogram_sum"
  case hour
  case idelta
  case increase
  case info
  case irate
  case labelJoin = "label_join"
  case labelReplace = "label_replace"
  case lastOverTime = "last_over_time"
  case ln
  case log10
  case log2
  case madOverTime = "mad_over_time"
  case maxOf = "max_of"
  case maxOverTime = "max_over_time"
  case minOf = "min_of"
  case minOverTime = "min_over_time"
  case minute
  case month
  case pi
  case predictLinear = "predict_linear"
  case presentOverTime = "present_over_time"
  case quantileOverTime = "quantile_over_time"
  case rad
  case range
  case rate
  case resets
  case round
  case scalar
  case sgn
  case sin
  case sinh
  case sort
  case sortByLabel = "sort_by_label"
  case sortByLabelDesc = "sort_by_label_desc"
  case sortDesc = "sort_desc"
  case sqrt
  case start
  case startTimestamp = "start_timestamp"
  case stddevOverTime = "stddev_over_time"
  case stdvarOverTime = "stdvar_over_time"
  case step
  case sumOverTime = "sum_over_time"
  case tan
  case tanh
  case time
  case timestamp
  case tsOfFirstOverTime = "ts_of_first_over_time"
  case tsOfLastOverTime = "ts_of_last_over_time"
  case tsOfMaxOverTime = "ts_of_max_over_time"
  case tsOfMinOverTime = "ts_of_min_over_time"
  case vector
  case year
}

/// What a function takes and gives.
package struct Signature: Hashable, Sendable {
  /// The kinds of the arguments; the last ``optional`` of them may be missing.
  package var arguments: [ValueType]
  /// How many of the last arguments may be missing.
  package var optional = 0
  /// Whether the last argument may be repeated: how often beyond the first; `nil` for any number.
  package var repeats: Int? = 0
  package var result: ValueType = .vector
}

extension Function {
  /// What the function takes and gives.
  package var signature: Signature {
    switch self {
    case .abs, .absent, .acos, .acosh, .asin, .asinh, .atan, .atanh, .ceil, .cos, .cosh, .deg, .exp, .floor,
      .histogramAvg, .histogramCount, .histogramStddev, .histogramStdvar, .histogramSum, .ln, .log10,
      .log2, .rad, .sgn, .sin, .sinh, .sort, .sortDesc, .sqrt, .startTimestamp, .tan, .tanh, .timestamp:
      Signature(arguments: [.vector])
    case .absentOverTime, .avgOverTime, .changes, .countOverTime, .delta, .deriv, .firstOverTime, .idelta,
      .increase, .irate, .lastOverTime, .madOverTime, .maxOverTime, .minOverTime, .presentOverTime, .rate,
      .resets, .stddevOverTime, .stdvarOverTime, .sumOverTime, .tsOfFirstOverTime, .tsOfLastOverTime,
      .tsOfMaxOverTime, .tsOfMinOverTime:
      Signature(arguments: [.matrix])
    case .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year:
      Signature(arguments: [.vector], optional: 1)
    case .clamp: Signature(arguments: [.vector, .scalar, .scalar])
    case .clampMax, .clampMin: Signature(arguments: [.vector, .scalar])
    case .doubleExponentialSmoothing: Signature(arguments: [.matrix, .scalar, .scalar])
    case .end, .pi, .range, .start, .step, .time: Signature(arguments: [], result: .scalar)
    case .histogramFraction: Signature(arguments: [.scalar, .scalar, .vector])
    case .histogramQuantile: Signature(arguments: [.scalar, .vector])
    case .histogramQuantiles: Signature(arguments: [.vector, .string, .scalar], repeats: 9)
    case .info: Signature(arguments: [.vector, .vector], optional: 1)
    case .labelJoin: Signature(arguments: [.vector, .string, .string, .string], optional: 1, repeats: nil)
    case .labelReplace: Signature(arguments: [.vector, .string, .string, .string, .string])
    case .maxOf, .minOf: Signature(arguments: [.scalar, .scalar], result: .scalar)
    case .predictLinear: Signature(arguments: [.matrix, .scalar])
    case .quantileOverTime: Signature(arguments: [.scalar, .matrix])
    case .round: Signature(arguments: [.vector, .scalar], optional: 1)
    case .scalar: Signature(arguments: [.vector], result: .scalar)
    case .sortByLabel, .sortByLabelDesc: Signature(arguments: [.vector, .string], optional: 1, repeats: nil)
    case .vector: Signature(arguments: [.scalar])
    }
  }

  /// Whether a Prometheus has it only with `--enable-feature=promql-experimental-functions`.
  package var isExperimental: Bool {
    switch self {
    case .doubleExponentialSmoothing, .end, .firstOverTime, .histogramQuantiles, .info, .madOverTime, .maxOf,
      .minOf, .range, .sortByLabel, .sortByLabelDesc, .start, .startTimestamp, .step, .tsOfFirstOverTime,
      .tsOfLastOverTime, .tsOfMaxOverTime, .tsOfMinOverTime:
      true
    default: false
    }
  }
}
