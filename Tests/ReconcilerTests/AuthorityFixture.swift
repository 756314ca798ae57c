import Diagnostics
import Model
import Reconciler
import Specs

/// A repository's history in memory, judged commit by commit.
struct Judged {
  var authority: Authority
  /// The files of the newest commit, whoever wrote them, by path: number of the blob, and what it says.
  private(set) var head: [String: (blob: ObjectID, file: SpecFile)] = [:]
  /// Every content that there was, by its blob.
  private(set) var contents: [ObjectID: SpecFile] = [:]
  private var commits = 0

  init(_ root: [(path: String, file: SpecFile?)]) { self.init(.author, root) }

  init(_ policy: CommitPolicy, _ root: [(path: String, file: SpecFile?)]) {
    authority = Authority(policy: policy, bindings: Bindings())
    var bindings = Bindings()
    for case (let path, let file?) in root {
      put(path, file)
      if let scope = file.scope { bindings.set(Grant.all(of: file), of: path, in: scope) }
    }
    authority = Authority(policy: policy, bindings: bindings)
  }

  private mutating func put(_ path: String, _ file: SpecFile?) {
    guard let file else {
      head[path] = nil
      return
    }
    let blob = blobID(of: file)
    head[path] = (blob, file)
    contents[blob] = file
  }

  /// Judges a commit by `author`.
  @discardableResult
  mutating func commit(
    by author: String, _ files: [(path: String, file: SpecFile?)], signed: SignatureStanding = .unsigned,
    committedAt: Timestamp = .epoch, now: Timestamp = .epoch
  ) -> Authority.Verdict {
    commits += 1
    let parent = commitID(commits - 1)
    let changes = files.compactMap { path, file -> PathChange? in
      guard let scope = SpecFile.scope(ofPath: path) else { return nil }
      let measure = authority.basis(of: path).map(\.blob) ?? head[path]?.blob
      let content = file.map { (blobID(of: $0), $0) }
      guard content?.0 != head[path]?.blob else { return nil }
      let before = measure.flatMap { blob in contents[blob].map { (blob, $0) } }
      return PathChange(path: path, scope: scope, from: before, to: content)
    }
    for (path, file) in files { put(path, file) }
    return authority.judge(
      commitInfo(commits, by: author, at: committedAt), after: parent, signature: signed, changes: changes, at: now)
  }

  /// Whether the last content of every file is followed.
  var isFollowed: Bool { authority.refusals.isEmpty }

  /// The refused paths, in order.
  var refused: [String] { authority.refusals.keys.sorted() }
}

/// A name for a content: equal for equal ones.
private func blobID(of file: SpecFile) -> ObjectID {
  var hash = FNV1a()
  for resource in file.resources {
    hash.combine(resource.id.description)
    for field in resource.fields {
      hash.combine(field.name)
      hash.combine(field.value)
    }
    for name in resource.previousNames { hash.combine(name) }
    hash.combine(UInt64(resource.origin.line))
  }
  for finding in file.diagnostics.all { hash.combine(finding.message) }
  return objectID(hash.value)
}

func commitID(_ number: Int) -> ObjectID { objectID(UInt64(number)) }

private func objectID(_ value: UInt64) -> ObjectID {
  let digits = String(value, radix: 16)
  return ObjectID(String(repeating: "0", count: 40 - digits.utf8.count) + digits) ?? noObject
}

private let noObject = ObjectID(String(repeating: "f", count: 40)).unsafelyUnwrapped

func commitInfo(_ number: Int, by author: String, at time: Timestamp = .epoch) -> CommitInfo {
  CommitInfo(
    id: commitID(number), authorName: String(author.prefix { $0 != "@" }), authorEmail: author, committerName: "forge",
    committerEmail: "forge@example.com", authoredAt: time, committedAt: time, subject: "Change",
    parents: [commitID(number - 1)])
}

/// A binding of one role to people.
func binding(_ scope: Scope, _ role: Role, _ people: String..., name: String? = nil) -> Resource {
  binding(scope, role, people.map { .user(email: $0, signingKeys: []) }, name: name)
}

func binding(_ scope: Scope, _ role: Role, _ subjects: [RoleBindingSpec.Subject], name: String? = nil) -> Resource {
  resource(
    scope, .roleBinding, name ?? role.rawValue, .roleBinding(RoleBindingSpec(role: role, subjects: subjects)))
}

/// A file with an owner, an admin, a member and a viewer of its scope, each named `<role>@<scope>`.
func everyRole(_ scope: Scope) -> (path: String, file: SpecFile?) {
  let path = scope.path + "/roles.yaml"
  let bindings = Role.allCases.map { binding(scope, $0, "\($0.rawValue)@\(scope)") }
  return (path, SpecFile(path: path, scope: scope, content: .specs, resources: bindings.map { $0.placed(path) }))
}

extension Resource {
  /// The same, written in the file at `path`.
  func placed(_ path: String, line number: Int = 1) -> Resource {
    Resource(
      id: id, spec: spec, owner: owner, labels: labels, previousNames: previousNames,
      origin: Origin(file: path, line: number, document: 0, format: origin.format), nameRange: nameRange,
      references: references)
  }
}

/// Two versions of a document of each kind.
func document(_ kind: Kind, _ scope: Scope, version: Int) -> Resource {
  var settings = ScopeSettings()
  settings.displayName = "Version \(version)"
  let spec: Spec
  switch kind {
  case .platform: spec = .platform(settings)
  case .tenant: spec = .tenant(settings)
  case .project: spec = .project(settings)
  case .dataSource:
    spec = .dataSource(DataSourceSpec(.prometheus, url: .plain("http://127.0.0.1:909\(version)")))
  case .ruleGroup: return group(scope, "group", hold: version)
  case .route: return route(scope, to: "channel\(version)")
  case .channel: return channel(scope, "channel", timeout: .seconds(version))
  case .silence:
    spec = .silence(SilenceSpec(matchers: [Matcher("alertname", equals: "X\(version)")], comment: "work"))
  case .timeInterval:
    var interval = TimeIntervalSpec.Interval()
    interval.weekdays = [version...version]
    spec = .timeInterval(TimeIntervalSpec(intervals: [interval]))
  case .inhibitRule:
    spec = .inhibitRule(InhibitRuleSpec(sourceMatchers: [], targetMatchers: [], equal: ["l\(version)"]))
  case .template: return template(scope, "words", "title", text: "\(version)")
  case .roleBinding: return binding(scope, .viewer, "new\(version)@example.com", name: "more")
  case .approval: spec = .approval(ApprovalSpec(deletions: version, until: .epoch))
  }
  return resource(scope, kind, "document", spec)
}
