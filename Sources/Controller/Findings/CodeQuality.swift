import Diagnostics
import JSON

extension FindingReport {
  /// GitLab's code quality report: an array, a fingerprint for each finding.
  var gitlab: JSONValue {
    .array(
      zip(findings, fingerprints).map { finding, fingerprint in
        .object([
          .init("description", .string(finding.explanation)), .init("check_name", .string(finding.code)),
          .init("fingerprint", .string(fingerprint)), .init("severity", .string(finding.level.gitLabSeverity)),
          .init(
            "location",
            .object([
              .init("path", .string(finding.file)),
              .init(
                "lines",
                .object([
                  .init("begin", .integer(Int64(finding.line))),
                  .init("end", .integer(Int64(max(finding.line, Int(finding.range?.end.line ?? 1))))),
                ])),
            ])),
        ])
      })
  }
}

extension Finding.Level {
  /// Of `info`, `minor`, `major`, `critical`, `blocker`.
  fileprivate var gitLabSeverity: String {
    switch self {
    case .note: "info"
    case .warning: "minor"
    case .error: "critical"
    }
  }
}
