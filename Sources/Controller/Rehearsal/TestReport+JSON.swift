import Diagnostics
import JSON
import Model

extension TestReport {
  /// For programs.
  var json: JSONValue {
    let counts = counts
    return .object([
      .init("files", .array(files.map(\.json))),
      .init("passed", .integer(Int64(counts.passed))), .init("failed", .integer(Int64(counts.failed))),
      .init("setAside", .integer(Int64(counts.setAside))), .init("broken", .integer(Int64(counts.broken))),
      .init("seconds", .number(took.inSeconds)),
    ])
  }
}

extension TestFileOutcome {
  fileprivate var json: JSONValue {
    .object([
      .init("file", .string(path)), .init("ok", .bool(isGood)),
      .init("diagnostics", .array(problems.map(\.json))),
      .init("tests", .array(tests.map(\.json))),
    ])
  }
}

extension TestOutcome {
  fileprivate var json: JSONValue {
    .object([
      .init("name", .string(name)), .init("number", .integer(Int64(number))),
      .init("line", .integer(Int64(place.range.start.line))),
      .init("verdict", .string(verdict == .setAside ? "setAside" : verdict.rawValue)),
      .init("checks", .integer(Int64(checks))), .init("seconds", .number(took.inSeconds)),
      .init("failures", .array(failures.map(\.json))), .init("setAside", .array(setAside.map { .string($0) })),
      .init("remarks", .array(remarks.map { .string($0) })),
    ])
  }
}

extension TestFailure {
  fileprivate var json: JSONValue {
    .object([
      .init("check", .string(check.rawValue)), .init("file", .string(span.file)),
      .init("line", .integer(Int64(span.range.start.line))),
      .init("column", .integer(Int64(span.range.start.column))),
      .init("title", .string(title)), .init("message", .string(message)),
      .init("difference", .array(plainDifference.map { .string($0) })),
    ])
  }
}
