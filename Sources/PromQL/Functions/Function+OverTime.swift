import Model

extension Function {
  /// The value of a function over the samples of a window; `nil` when it has none there.
  ///
  /// `series` is free of staleness markers, and `range` are the indices of the samples within the window. With
  /// `anchored` these are the samples from the lookback before the window on, with `smoothed` also those of the
  /// lookback behind it. `scalars` are the arguments besides the range, in their order.
  /// Throws when an argument is outside of what the function takes, in Prometheus's words.
  func overTime(
    _ series: SampleSeries, _ range: Range<Int>, _ bounds: WindowBounds, _ scalars: [Double],
    extension: RangeExtension?
  ) throws(EvaluationError) -> Double? {
    guard !range.isEmpty else { return nil }
    if self == .doubleExponentialSmoothing { try Self.checkFactors(scalars) }
    return SampleWindow.over(series, range) { value(of: $0, bounds, scalars, `extension`) }
  }

  private func value(
    of window: SampleWindow, _ bounds: WindowBounds, _ scalars: [Double], _ extended: RangeExtension?
  ) -> Double? {
    switch self {
    case .rate, .increase, .delta: change(of: window, bounds, extended)
    case .irate: window.lastChange(isCounter: true)
    case .idelta: window.lastChange(isCounter: false)
    case .resets: window.anchored(extended, bounds)?.resets
    case .changes: window.anchored(extended, bounds)?.changes
    case .deriv: window.count < 2 ? nil : window.line(through: window.time(0)).slope
    case .predictLinear: window.prediction(scalars.first ?? 0, from: bounds.evaluation)
    case .doubleExponentialSmoothing: window.smoothed(value: scalars[0], trend: scalars[1])
    default: aggregate(of: window, scalars)
    }
  }

  private func change(of window: SampleWindow, _ bounds: WindowBounds, _ extended: RangeExtension?) -> Double? {
    let isCounter = self != .delta
    let divisor = self == .rate ? bounds.seconds : 1
    guard let extended else { return window.extrapolatedChange(bounds, isCounter: isCounter, by: divisor) }
    return window.extendedChange(extended, bounds, isCounter: isCounter).map { $0 / divisor }
  }

  private func aggregate(of window: SampleWindow, _ scalars: [Double]) -> Double? {
    switch self {
    case .avgOverTime: window.average
    case .sumOverTime: window.sum
    case .countOverTime: Double(window.count)
    case .presentOverTime: 1
    case .minOverTime: window.values[window.indexOfExtreme(latest: false) { $0 < $1 }]
    case .maxOverTime: window.values[window.indexOfExtreme(latest: false) { $0 > $1 }]
    case .tsOfMinOverTime: window.seconds(window.indexOfExtreme(latest: true) { $0 < $1 })
    case .tsOfMaxOverTime: window.seconds(window.indexOfExtreme(latest: true) { $0 > $1 })
    case .firstOverTime: window.values[0]
    case .lastOverTime: window.values[window.count - 1]
    case .tsOfFirstOverTime: window.seconds(0)
    case .tsOfLastOverTime: window.seconds(window.count - 1)
    case .stddevOverTime: window.variance.squareRoot()
    case .stdvarOverTime: window.variance
    case .madOverTime: window.medianDeviation
    case .quantileOverTime: quantile(scalars.first ?? .nan, of: Array(window.values))
    default: nil
    }
  }
}

extension WindowBounds {
  /// The length of the window.
  var seconds: Double { Double(end.millisecondsSinceEpoch &- start.millisecondsSinceEpoch) / 1000 }
}
