import Diagnostics
import Model
import Reconciler
import Specs
import TestKit
import Testing

/// Random histories, judged a second time by the rules as the documentation has them, in the plainest way.
@Suite struct `Laws of authority` {
  @Test(arguments: 0..<300 as Range<UInt64>)
  func `a plain second judgement agrees`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let root = RandomCommit.root(&random)
    var judged = Judged(.author, root)
    var plain = PlainJudgement(root)
    for number in 1...30 {
      let commit = RandomCommit(&random)
      judged.commit(by: commit.author, commit.files)
      plain.commit(by: commit.author, commit.files)
      #expect(judged.refused == plain.refused.sorted(), "commit \(number) by \(commit.author)")
      for scope in RandomCommit.scopes {
        for person in RandomCommit.people {
          let role: Role? =
            if case .role(let role, _) = judged.authority.bindings.standing(ofAuthor: person, in: scope) { role } else {
              nil
            }
          #expect(role == plain.role(of: person, in: scope))
        }
      }
    }
  }

  @Test func `the histories have refusals, releases and grants enough`() {
    var (refused, released, granted) = (0, 0, 0)
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var judged = Judged(.author, RandomCommit.root(&random))
      for _ in 1...30 {
        let commit = RandomCommit(&random)
        let verdict = judged.commit(by: commit.author, commit.files)
        refused += verdict.refused.count
        released += verdict.released.count
        granted += verdict.changesBindings ? 1 : 0
      }
    }
    #expect(refused > 500 && released > 100 && granted > 100, "\(refused), \(released), \(granted)")
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `no scope that had an owner ever is without one`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let root = RandomCommit.root(&random)
    var judged = Judged(.author, root)
    var owned = Set(RandomCommit.scopes.filter { judged.authority.bindings.hasOwner($0, under: .author, at: .epoch) })
    for _ in 1...30 {
      let commit = RandomCommit(&random)
      judged.commit(by: commit.author, commit.files)
      let now = Set(RandomCommit.scopes.filter { judged.authority.bindings.hasOwner($0, under: .author, at: .epoch) })
      #expect(owned.isSubset(of: now))
      owned = now
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `going back to the root's files releases everything`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let root = RandomCommit.root(&random)
    var judged = Judged(.author, root)
    // Only by people who have no role, so that nothing but the root was ever authorised.
    for _ in 1...10 { judged.commit(by: "nobody@example.com", RandomCommit(&random).files) }
    let back = RandomCommit.paths.map { path in (path, root.first { $0.path == path }?.file) }
    judged.commit(by: "nobody@example.com", back)
    #expect(judged.isFollowed && judged.authority.isClean)
  }
}

private struct RandomCommit {
  static let scopes: [Scope] = [.platform, shop, checkout, search, .tenant("bank")]
  static let people = ["ana", "bo", "cy", "di"].map { $0 + "@example.com" }
  static let paths = scopes.flatMap { ["\($0.path)/roles.yaml", "\($0.path)/more.yaml"] }

  let author: String
  let files: [(path: String, file: SpecFile?)]

  static func root(_ random: inout SplitMix64) -> [(path: String, file: SpecFile?)] {
    paths.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }.map {
      (path: $0, file: content($0, &random, broken: false))
    }
  }

  init(_ random: inout SplitMix64) {
    author = Self.people.randomElement(using: &random) ?? ""
    let chosen = Self.paths.filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
    files = chosen.map { path in
      let isGone = Int.random(in: 0..<6, using: &random) == 0
      return (path: path, file: isGone ? nil : Self.content(path, &random, broken: true))
    }
  }

  private static func content(_ path: String, _ random: inout SplitMix64, broken: Bool) -> SpecFile? {
    guard let scope = SpecFile.scope(ofPath: path) else { return nil }
    var resources: [Resource] = []
    // Names differ by file, so that no two files declare the same.
    let prefix = path.hasSuffix("more.yaml") ? "m" : "r"
    for role in Role.allCases where Int.random(in: 0..<3, using: &random) == 0 {
      let person = people.randomElement(using: &random) ?? ""
      resources.append(binding(scope, role, person, name: prefix + role.rawValue))
    }
    if Bool.random(using: &random) { resources.append(silence(scope, prefix)) }
    if Bool.random(using: &random) {
      resources.append(channel(scope, prefix, timeout: .seconds(Int.random(in: 1...2, using: &random))))
    }
    var file = SpecFile(path: path, scope: scope, content: .specs, resources: resources.map { $0.placed(path) })
    if broken, Int.random(in: 0..<6, using: &random) == 0 {
      let start = SourcePosition(line: 1, column: 1)
      file.diagnostics.error("test", "broken", at: SourceSpan(file: path, range: SourceRange(start, start)))
    }
    return file
  }
}

/// Whole contents instead of blobs, and a look at everything each time.
private struct PlainJudgement {
  /// What was last authorised and could be read.
  private var authorised: [String: SpecFile] = [:]
  private var head: [String: SpecFile] = [:]
  private(set) var refused: Set<String> = []

  init(_ root: [(path: String, file: SpecFile?)]) {
    for case (let path, let file?) in root { authorised[path] = file }
    head = authorised
  }

  func role(of person: String, in scope: Scope) -> Role? { Self.role(of: person, in: scope, authorised) }

  private static func role(of person: String, in scope: Scope, _ files: [String: SpecFile]) -> Role? {
    var found: Set<Role> = []
    for file in files.values {
      for resource in file.resources where scope.lineage.contains(resource.id.scope) {
        if case .roleBinding(let binding) = resource.spec,
          binding.subjects.contains(.user(email: person, signingKeys: []))
        {
          found.insert(binding.role)
        }
      }
    }
    return [Role.owner, .admin, .member, .viewer].first(where: found.contains)
  }

  mutating func commit(by author: String, _ files: [(path: String, file: SpecFile?)]) {
    var allowed: [(String, SpecFile?)] = []
    for (path, file) in files where !same(head[path], file) {
      head[path] = file
      if same(authorised[path], file) {
        allowed.append((path, file))
      } else if may(author, path, file) {
        allowed.append((path, file))
      } else {
        refused.insert(path)
      }
    }
    for scope in RandomCommit.scopes.sorted() {
      let concerned = allowed.filter { SpecFile.scope(ofPath: $0.0) == scope }
      var after = authorised
      for (path, file) in concerned where !isBroken(file) { after[path] = file }
      let changesBindings = concerned.contains { path, file in
        !isBroken(file) && !same(authorised[path], file) && bindings(authorised[path]) != bindings(file)
      }
      if changesBindings, isOwned(scope, authorised), !isOwned(scope, after) {
        for (path, file) in concerned
        where !isBroken(file) && !same(authorised[path], file) && bindings(authorised[path]) != bindings(file) {
          refused.insert(path)
          after[path] = authorised[path]
        }
        let kept = concerned.filter { !refusedNow($0, after) }
        refused.subtract(kept.map(\.0))
      } else {
        refused.subtract(concerned.map(\.0))
      }
      authorised = after
    }
  }

  private func refusedNow(_ change: (String, SpecFile?), _ after: [String: SpecFile]) -> Bool {
    !isBroken(change.1) && !same(after[change.0], change.1)
  }

  private func may(_ author: String, _ path: String, _ file: SpecFile?) -> Bool {
    guard let scope = SpecFile.scope(ofPath: path), let role = role(of: author, in: scope), role != .viewer else {
      return false
    }
    let before = authorised[path]?.resources ?? []
    let after = file?.resources ?? []
    for id in Set((before + after).map(\.id)) {
      let (was, now) = (before.first { $0.id == id }, after.first { $0.id == id })
      if was?.digest == now?.digest { continue }
      if now == nil, isBroken(file) { continue }
      switch id.kind {
      case .roleBinding: if role != .owner { return false }
      case .channel: if scope.project == nil, role == .member { return false }
      default: break
      }
    }
    return true
  }

  private func isOwned(_ scope: Scope, _ files: [String: SpecFile]) -> Bool {
    RandomCommit.people.contains { Self.role(of: $0, in: scope, files) == .owner }
  }

  private func isBroken(_ file: SpecFile?) -> Bool { file?.diagnostics.hasErrors ?? false }

  private func bindings(_ file: SpecFile?) -> [Spec] { file?.resources.map(\.spec).filter(\.isBinding) ?? [] }

  private func same(_ one: SpecFile?, _ other: SpecFile?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return isBroken(one) == isBroken(other) && one.resources.map(\.id) == other.resources.map(\.id)
      && one.resources.map(\.digest) == other.resources.map(\.digest)
  }
}

extension Spec {
  fileprivate var isBinding: Bool {
    if case .roleBinding = self { true } else { false }
  }
}
