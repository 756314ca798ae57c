import Model

extension Double {
  /// This number in the manner of OpenMetrics: `0.5`, `1.0`, `1e+06`.
  var openMetricsText: String {
    let text = printedAsGo
    return isFinite && !text.utf8.contains(where: { $0 == 0x65 || $0 == 0x2e }) ? text + ".0" : text
  }
}
