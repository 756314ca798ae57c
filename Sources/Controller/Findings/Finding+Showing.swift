import Reconciler

extension Plan {
  /// Prints what keeps scopes from following, in a format of continuous integration.
  func showFindings(as format: String, at root: String) throws(CommandFailure) {
    guard let format = FindingFormat(rawValue: format) else { return }
    let counts = counts
    let held = scopes.count { if case .hold = $0.decision { true } else { false } }
    var summary =
      "\(counts.create) to create, \(counts.update) to update, \(counts.move) to move, "
      + "\(counts.delete) to delete"
    if held > 0 { summary += "; \(plural(held, "scope")) held" }
    let paths = FindingPaths(at: root)
    try FindingReport(command: "diff", findings: findings(paths.ofSpec), summary: summary).show(as: format)
  }
}

extension TestReport {
  /// Prints what failed, in a format of continuous integration.
  func showFindings(as format: String) throws(CommandFailure) {
    guard let format = FindingFormat(rawValue: format) else { return }
    let paths = FindingPaths(at: ".")
    try FindingReport(command: "test", findings: findings(paths.ofFile), summary: summary).show(as: format)
  }
}
