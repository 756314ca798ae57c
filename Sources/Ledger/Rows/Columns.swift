import GRDB
import Model

// How the words of Model stand in columns. Schema says it for people.

extension String {
  /// SQLite's interface ends a text at a NUL, so it is written as its picture, `␀`.
  var column: DatabaseValue {
    utf8.contains(0) ? String(withoutNUL).databaseValue : databaseValue
  }

  private var withoutNUL: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }))
  }
}

extension Timestamp {
  var column: DatabaseValue { millisecondsSinceEpoch.databaseValue }
}

extension Timestamp? {
  var column: DatabaseValue { self?.column ?? .null }
}

extension Double {
  /// SQLite has no NaN and makes it NULL.
  var column: DatabaseValue { isNaN ? .null : databaseValue }
}

extension Scope {
  var tenantColumn: DatabaseValue { (tenant ?? "").column }
  var projectColumn: DatabaseValue { (project ?? "").column }

  init(tenantColumn tenant: String, projectColumn project: String) {
    switch (tenant.isEmpty, project.isEmpty) {
    case (true, _): self = .platform
    case (false, true): self = .tenant(tenant)
    case (false, false): self = .project(tenant: tenant, project: project)
    }
  }
}

extension Revision? {
  var refColumn: DatabaseValue { self?.ref?.column ?? .null }
  var commitColumn: DatabaseValue { self?.commit.hex.databaseValue ?? .null }
}

extension ResourceID {
  /// `["shop","checkout","RuleGroup","rules.yaml:checkout"]`
  var column: String {
    FlatJSONWriter.array([.text(scope.tenant ?? ""), .text(scope.project ?? ""), .text(kind.rawValue), .text(name)])
  }

  init?(column: String) {
    guard let values = FlatJSONReader.array(column), values.count == 4,
      let tenant = values[0].text, let project = values[1].text,
      let kind = values[2].text.flatMap(Kind.init), let name = values[3].text
    else { return nil }
    self.init(Scope(tenantColumn: tenant, projectColumn: project), kind, name)
  }
}

extension Provenance {
  /// `[file, line, commit, author, committed at, pull request, its page]`, without the last two where there are none.
  var column: String {
    var values: [FlatValue] = [
      .text(file), FlatValue(Int64(line)), FlatValue(commit?.hex), FlatValue(author),
      FlatValue(committedAt?.millisecondsSinceEpoch),
    ]
    if let pullRequest { values += [.text(pullRequest.description), FlatValue(pullRequestURL)] }
    return FlatJSONWriter.array(values)
  }

  init?(column: String) {
    guard let values = FlatJSONReader.array(column), values.count == 5 || values.count == 7,
      let file = values[0].text, let line = values[1].integer.flatMap(Int.init(exactly:))
    else { return nil }
    let commit = values[2].text.flatMap(ObjectID.init)
    guard commit != nil || values[2] == .null else { return nil }
    self.init(
      file: file, line: line, commit: commit, author: values[3].text,
      committedAt: values[4].integer.map(Timestamp.init)
    )
    guard values.count == 7 else { return }
    pullRequest = values[5].text.flatMap { PullRequest($0) }
    pullRequestURL = values[6].text
  }
}

extension [LastChange] {
  /// Each commit once, as `commit, author, committed at, pull request, its page`, behind how many there are; then for
  /// each change which of them it is.
  var column: String {
    var places: [ObjectID: Int] = [:]
    var commits: [FlatValue] = []
    var indices: [FlatValue] = []
    for change in self {
      let place = places[change.commit] ?? places.count
      if place == places.count {
        places[change.commit] = place
        commits += [
          .text(change.commit.hex), .text(change.author), FlatValue(change.committedAt.millisecondsSinceEpoch),
          FlatValue(change.pullRequest?.description), FlatValue(change.pullRequestURL),
        ]
      }
      indices.append(FlatValue(Int64(place)))
    }
    return isEmpty ? "[]" : FlatJSONWriter.array([FlatValue(Int64(places.count))] + commits + indices)
  }

  init?(column: String) {
    self = []
    guard let values = FlatJSONReader.array(column) else { return nil }
    guard let first = values.first else { return }
    guard let count = first.integer, 1...Int64(values.count) ~= count, values.count > count * 5 else { return nil }
    let width = Int(count) * 5
    var commits: [LastChange] = []
    for start in stride(from: 1, to: width + 1, by: 5) {
      guard let commit = values[start].text.flatMap(ObjectID.init), let author = values[start + 1].text,
        let committedAt = values[start + 2].integer
      else { return nil }
      commits.append(
        LastChange(
          commit: commit, author: author, committedAt: Timestamp(millisecondsSinceEpoch: committedAt),
          pullRequest: values[start + 3].text.flatMap { PullRequest($0) }, pullRequestURL: values[start + 4].text))
    }
    for value in values[(width + 1)...] {
      guard let place = value.integer, 0..<count ~= place else { return nil }
      append(commits[Int(place)])
    }
  }
}

extension [Fingerprint] {
  var column: DatabaseValue {
    var text = ""
    text.reserveCapacity(count * 17)
    for fingerprint in self {
      if !text.isEmpty { text += " " }
      text += fingerprint.description
    }
    return text.databaseValue
  }
}
