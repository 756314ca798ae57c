/// What a metric is, by the conventions for its name (Prometheus, "Metric and label naming").
package enum MetricNames {
  /// Whether it looks like the output of a recording rule: `level:metric:operations`.
  package static func isRecorded(_ name: String) -> Bool { name.utf8.contains(UInt8(ascii: ":")) }

  /// Whether it is a counter that grows from zero, by its name.
  static func countsUp(_ name: String) -> Bool {
    name.hasSuffix("_total") || name.hasSuffix("_count") || name.hasSuffix("_bucket")
  }

  /// Whether it goes up and down, by its name. Many counters lack the suffix that they should have, so only what says
  /// that it is something else counts.
  package static func isGauge(_ name: String) -> Bool {
    if isRecorded(name) {
      let operations = name.split(separator: ":").last ?? ""
      return rates.contains { operations == $0 || operations.hasPrefix($0) && operations.dropFirst($0.count).isWindow }
    }
    if countsUp(name) || name.hasSuffix("_sum") { return false }
    return gauges.contains(name) || gaugeSuffixes.contains { name.hasSuffix($0) }
      || gaugePrefixes.contains { name.hasPrefix($0) }
  }

  /// Whether its value is always 1 and its labels tell something, by its name.
  static func describes(_ name: String) -> Bool {
    name.hasSuffix("_info") || name.hasSuffix("_labels") || name.hasSuffix("_metadata")
  }

  /// What the last part of a recorded name begins with when it is a rate, and not a sum of counters.
  private static let rates = ["rate", "irate", "increase", "delta", "deriv", "ratio_rate", "ratio"]

  private static let gauges: Set<String> = [
    "up", "go_goroutines", "go_threads", "node_load1", "node_load5", "node_load15",
  ]

  private static let gaugePrefixes = ["node_memory_", "node_filesystem_"]

  private static let gaugeSuffixes = [
    "_ratio", "_percent", "_percentage", "_celsius", "_temperature", "_info", "_gauge", "_average", "_depth",
    "_timestamp_seconds", "_free_bytes", "_avail_bytes", "_available_bytes", "_usage_bytes", "_memory_bytes",
    "_working_set_bytes", "_size_bytes", "_limit_bytes", "_max_bytes", "_inuse_bytes", "_capacity_bytes", "_in_use",
    "_replicas", "_queue_length", "_open_fds", "_max_fds", "_has_leader",
  ]
}

extension Substring {
  /// Whether this is a duration such as `5m`, or nothing.
  fileprivate var isWindow: Bool {
    utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
      && (utf8.first.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? true)
  }
}
