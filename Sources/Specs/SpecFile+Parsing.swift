import Diagnostics
import Model
import YAML

extension SpecFile {
  /// Reads the file at a path of the spec repository, from which its scope follows: every document, and every finding
  /// at once.
  ///
  /// Pure: equal arguments give equal results, so the result can be kept by path and blob id.
  package static func parse(path: String, bytes: [UInt8], options: SpecOptions = .init()) -> SpecFile {
    let place = Place(path: path)
    guard let scope = scope(ofPath: path) else { return SpecFile(path: path, scope: nil, content: .ignored) }
    var file = SpecFile(path: path, scope: scope, content: .specs)
    var reading = Reading(file: path, scope: scope, bytes: bytes, options: options)
    if case .betweenTenants = place {
      reading.error(
        .misplacedFile, "a file directly under tenants/ belongs to no tenant", at: .fileStart,
        fix: "move it to tenants/<tenant>/, or to platform/")
      file.diagnostics = reading.diagnostics
      return file
    }
    reading.checkFolders()
    guard bytes.count <= options.limits.fileBytes else {
      let place = SourceSpan(file: path, range: .fileStart)
      reading.diagnostics.report(.tooLarge(bytes.count, limit: options.limits.fileBytes, at: place))
      file.diagnostics = reading.diagnostics
      return file
    }
    guard !isLFSPointer(bytes) else {
      reading.error(
        .lfsPointer, "the file is a pointer of git-lfs; what it points to isn't in the repository", at: .fileStart,
        fix: "take it out of LFS: 'git lfs untrack', then commit the file itself")
      file.diagnostics = reading.diagnostics
      return file
    }
    file.read(bytes, &reading)
    return file
  }

  /// Whether this is what git-lfs commits in place of a file (git-lfs, docs/spec.md): at most 1024 bytes, of which the
  /// first line names the version.
  private static func isLFSPointer(_ bytes: [UInt8]) -> Bool {
    bytes.count <= 1024 && bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8)
  }

  private mutating func read(_ bytes: [UInt8], _ reading: inout Reading) {
    let stream = YAMLStream(parsing: bytes, file: path, limits: reading.options.limits.yaml)
    var harvest = DocumentHarvest()
    for document in stream.documents {
      // What came before a syntax error would only give findings that follow from it.
      guard document.isComplete, let root = document.root, !root.isNull else { continue }
      reading.document(root, index: document.index, into: &harvest)
    }
    reading.checkRuleCount()
    reading.checkForSecrets(in: bytes, stream.documents)
    lints = reading.finishLints(of: stream)
    if !harvest.unitTests.isEmpty {
      if harvest.hasSpecs { reading.reportMixture(harvest.unitTests) } else { content = .unitTest }
    }
    resources = harvest.resources
    unreadable = harvest.unreadable
    for finding in (stream.diagnostics.all + reading.diagnostics.all).sorted() { diagnostics.report(finding) }
  }
}

extension SourceRange {
  /// The beginning of a file, for findings about all of it.
  static let fileStart: SourceRange = {
    let first = SourcePosition(line: 1, column: 1)
    return SourceRange(first, first)
  }()
}

extension Reading {
  /// Whether the folders that name tenant and project can be names.
  fileprivate mutating func checkFolders() {
    for (name, what) in [(scope.tenant, "tenant"), (scope.project, "project")] {
      guard let name, !Names.isLabel(name) || (what == "tenant" && name == "platform") else { continue }
      error(
        .folderName,
        name == "platform"
          ? "the folder 'platform' can't be a tenant's, since the platform has that name"
          : "the folder '\(Wording.short(name))' can't name a \(what)", at: .fileStart,
        fix: "use lower-case letters, digits and hyphens, at most 63, with a letter or digit at both ends")
    }
  }

  fileprivate mutating func checkRuleCount() {
    guard ruleCount > options.limits.rules else { return }
    error(
      .limitExceeded, "the file has \(ruleCount) rules; at most \(options.limits.rules) are read", at: .fileStart,
      fix: "split it into several files")
  }

  fileprivate mutating func reportMixture(_ tests: [SourceRange]) {
    for test in tests {
      error(
        .mixedFile, "a unit test stands beside other documents", at: test.firstLineStart,
        fix: "move it to a file of its own")
    }
  }

  /// Tells known shapes of credentials: errors in channels and data sources, warnings elsewhere.
  fileprivate mutating func checkForSecrets(in bytes: [UInt8], _ documents: [YAMLDocument]) {
    let findings = SecretShapes.findings(in: bytes)
    guard !findings.isEmpty else { return }
    for finding in findings {
      let range = SourceRange(of: finding.range, in: bytes)
      let document = documents.last { $0.range.start <= range.start }
      let kind = document?.root?["kind"]?.text.flatMap(Kind.init)
      let isFatal = kind == .channel || kind == .dataSource
      let fix = "write {secret: <name>} and give the controller the secret; withdraw this one, since git keeps it"
      if isFatal {
        error(.secretInSpec, "\(finding.what) stands in the spec", at: range, fix: fix)
      } else {
        warning(.secretInSpec, "\(finding.what) stands in the file", at: range, fix: fix)
      }
    }
  }
}

extension SourceRange {
  /// The place of a stretch of bytes that lies within one line.
  fileprivate init(of range: Range<Int>, in bytes: [UInt8]) {
    var line = 1
    var start = 0
    for offset in 0..<min(range.lowerBound, bytes.count) where bytes[offset] == 0x0a {
      line += 1
      start = offset + 1
    }
    func column(_ offset: Int) -> Int {
      bytes[start..<max(start, min(offset, bytes.count))].count { $0 & 0xc0 != 0x80 } + 1
    }
    self.init(
      SourcePosition(line: line, column: column(range.lowerBound)),
      SourcePosition(line: line, column: column(range.upperBound)))
  }
}
