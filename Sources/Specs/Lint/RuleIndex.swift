import Model

/// What is kept of the rules of a scope, for checks that look beyond a file.
struct RuleIndex: Sendable {
  /// The files that have something to tell or to remember.
  private(set) var reports: [String: LintReport] = [:]
  /// How many rules have each meaning.
  private var meanings: [UInt64: Int32] = [:]
  /// The meanings that more than one rule has.
  private(set) var repeated: Set<UInt64> = []

  mutating func insert(_ report: LintReport, of path: String) {
    guard !report.isEmpty else { return }
    reports[path] = report
    for rule in report.rules {
      let count = meanings[rule.meaning, default: 0] + 1
      meanings[rule.meaning] = count
      if count == 2 { repeated.insert(rule.meaning) }
    }
  }

  /// Takes away what the file at `path` had.
  mutating func remove(_ path: String) -> LintReport? {
    guard let report = reports.removeValue(forKey: path) else { return nil }
    for rule in report.rules {
      let count = meanings[rule.meaning, default: 1] - 1
      meanings[rule.meaning] = count == 0 ? nil : count
      if count == 1 { repeated.remove(rule.meaning) }
    }
    return report
  }
}

/// Which metrics are recorded by rules of any scope, and who uses them.
struct RecordedIndex: Sendable {
  /// By the metric's hash, how many files record it.
  private var recorders: [UInt64: Int32] = [:]
  /// By the metric's hash, how many mentions each scope has.
  private var readers: [UInt64: [Scope: Int32]] = [:]

  func isRecorded(_ hash: UInt64) -> Bool { recorders[hash] != nil }

  /// Adds what a file records and reads; returns the scopes that used a metric which nobody recorded so far.
  mutating func insert(_ report: LintReport, in scope: Scope) -> Set<Scope> {
    for read in report.reads { readers[read.hash, default: [:]][scope, default: 0] += 1 }
    var touched: Set<Scope> = []
    for hash in report.recorded {
      if recorders[hash] == nil { touched.formUnion(readers[hash]?.keys.map { $0 } ?? []) }
      recorders[hash, default: 0] += 1
    }
    return touched
  }

  /// Takes away what a file records and reads; returns the scopes that use a metric which nobody records any more.
  mutating func remove(_ report: LintReport, in scope: Scope) -> Set<Scope> {
    for read in report.reads {
      let count = readers[read.hash]?[scope] ?? 1
      readers[read.hash]?[scope] = count > 1 ? count - 1 : nil
      if readers[read.hash]?.isEmpty ?? false { readers[read.hash] = nil }
    }
    var touched: Set<Scope> = []
    for hash in report.recorded {
      let count = recorders[hash] ?? 1
      recorders[hash] = count > 1 ? count - 1 : nil
      if count == 1 { touched.formUnion(readers[hash]?.keys.map { $0 } ?? []) }
    }
    return touched
  }
}
