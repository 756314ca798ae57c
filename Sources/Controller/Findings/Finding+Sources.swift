import Diagnostics
import Model
import Reconciler
import Specs

extension Finding {
  /// A finding of the specs; `place` gives a file's path from the repository's root.
  init(_ diagnostic: Diagnostic, subject: String? = nil, _ place: (String) -> String) {
    level = diagnostic.severity == .error ? .error : .warning
    code = diagnostic.code
    message = diagnostic.message
    file = place(diagnostic.span.file)
    range = diagnostic.span.range
    fix = diagnostic.fix
    notes = diagnostic.notes.map {
      Note(message: $0.message, file: $0.span.map { place($0.file) }, range: $0.span?.range)
    }
    self.subject = subject
  }
}

extension Plan {
  /// What keeps scopes from following, what guards refuse, and what is worth knowing.
  func findings(_ place: (String) -> String) -> [Finding] {
    scopes.flatMap { $0.findings(place) }
  }
}

extension ScopePlan {
  fileprivate func findings(_ place: (String) -> String) -> [Finding] {
    var found = diagnostics.map { Finding($0, subject: scope.description, place) }
    switch decision {
    case .apply: break
    case .suspend: found.append(remark(.note, "suspended", explanation ?? "sync is paused", place))
    case .hold(let reason):
      // Where diagnostics say why, the reason adds nothing.
      if let explanation {
        found.append(remark(.error, reason.code, explanation, place))
      } else if !diagnostics.contains(where: { $0.severity == .error }) {
        found.append(remark(.error, reason.code, "the scope is held: \(reason.rawValue)", place))
      }
    }
    found += retained.map { kept in
      let users = kept.usedBy.map(\.description).joined(separator: ", ")
      return remark(
        .warning, HeldReason.stillReferenced.code,
        "\(kept.id.kind.rawValue) \(kept.id.name) is removed but stays live: \(users) still uses it", place)
    }
    return found
  }

  private func remark(_ level: Finding.Level, _ code: String, _ words: String, _ place: (String) -> String) -> Finding {
    Finding(
      level: level, code: code, message: "\(scope): \(words)", file: place(scope.path), subject: scope.description)
  }
}

extension HeldReason {
  /// The reason in the spelling of diagnostic codes: `guard-tripped`.
  var code: String {
    var word = ""
    for letter in rawValue {
      if letter.isUppercase, !word.isEmpty { word += "-" }
      word += letter.lowercased()
    }
    return word
  }
}

extension TestReport {
  /// What failed, and what couldn't be run.
  func findings(_ place: (String) -> String) -> [Finding] {
    files.flatMap { file in
      file.problems.map { Finding($0, subject: file.path, place) }
        + file.tests.flatMap { test in
          test.failures.map { failure in
            Finding(
              level: .error, code: failure.check.rawValue.replacing("_", with: "-"),
              message: ([test.title + ": " + failure.title + ": " + failure.message] + failure.plainDifference)
                .joined(separator: "\n"),
              file: place(failure.span.file), range: failure.span.range, subject: test.title)
          }
        }
    }
  }
}
