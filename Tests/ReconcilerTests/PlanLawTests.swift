import Model
import Reconciler
import Specs
import TestKit
import Testing

/// Random histories of a repository, seeded.
@Suite struct `Laws of planning` {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a tree kept up to date equals one read at once`(seed: UInt64) {
    var history = History(seed: seed)
    var incremental = Reconciler()
    for number in 1...12 { incremental.sync(number, history.commit()) }
    var whole = SpecTree()
    whole.update(history.files)
    #expect(incremental.tree.problems == whole.problems)
    #expect(incremental.tree.scopes == whole.scopes)
    for scope in whole.scopes { #expect(incremental.tree.isSound(scope) == whole.isSound(scope)) }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `applying twice equals applying once`(seed: UInt64) {
    var history = History(seed: seed)
    var reconciler = Reconciler()
    for number in 1...8 { reconciler.sync(number, history.commit()) }
    let again = reconciler.plan(for: revision(9), at: .epoch)
    #expect(again.steps.isEmpty)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `what is applied is what is desired, in every scope that follows`(seed: UInt64) {
    var history = History(seed: seed)
    var reconciler = Reconciler()
    var last = reconciler.sync(1, history.commit())
    for number in 2...10 { last = reconciler.sync(number, history.commit()) }
    let settled = Set(reconciler.tree.scopes).subtracting(last.scopes.filter { $0.decision != .apply }.map(\.scope))
    for scope in settled {
      let desired = Dictionary(uniqueKeysWithValues: reconciler.tree.resources(in: scope).map { ($0.id, $0.digest) })
      let live = reconciler.live.resources(in: scope).mapValues(\.digest)
      let retained = last.scopes.first { $0.scope == scope }?.retained.map(\.id) ?? []
      // A template of which more is kept than is desired is in both.
      #expect(live.filter { !retained.contains($0.key) } == desired.filter { !retained.contains($0.key) })
      for id in retained { #expect(reconciler.live[id]?.saysAllOf(reconciler.tree.resource(id)) ?? false) }
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `the order of files doesn't change the plan`(seed: UInt64) {
    var history = History(seed: seed)
    for _ in 1...6 { _ = history.commit() }
    var random = SplitMix64(seed: seed &+ 1)
    var forwards = Reconciler()
    var shuffled = Reconciler()
    let first = forwards.sync(1, history.files)
    let second = shuffled.sync(1, history.files.shuffled(using: &random))
    #expect(first.lines == second.lines)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `nothing live names something that isn't`(seed: UInt64) {
    var history = History(seed: seed)
    var reconciler = Reconciler()
    for number in 1...12 {
      let changes = history.commit()
      reconciler.sync(number, changes)
      for scope in reconciler.live.scopes.keys {
        for resource in reconciler.live.resources(in: scope).values {
          for reference in resource.references {
            #expect(reconciler.live.resolve(reference.kind, reference.name, from: scope) != nil)
          }
        }
      }
    }
  }
}

extension Resource {
  /// Whether this is what a plan may make of `desired` when it has to keep more.
  fileprivate func saysAllOf(_ desired: Resource?) -> Bool {
    guard let desired else { return true }
    guard case .template(let live) = spec, case .template(let wanted) = desired.spec else { return false }
    return live.text == wanted.text && Set(live.allDefinitions).isSuperset(of: wanted.definitions)
      && !live.kept.isEmpty
  }
}

/// A repository that changes at random: files come, go, break and heal; routes name channels up and down the scopes.
private struct History {
  private var random: SplitMix64
  private var current: [String: (path: String, file: SpecFile?)] = [:]

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  var files: [(path: String, file: SpecFile?)] {
    current.values.sorted { $0.path < $1.path }
  }

  mutating func commit() -> [(path: String, file: SpecFile?)] {
    let changes = (0..<Int.random(in: 1...4, using: &random)).map { _ in change() }
    var unique: [String: (path: String, file: SpecFile?)] = [:]
    for change in changes { unique[change.path] = change }
    for (path, change) in unique {
      if change.file == nil { current[path] = nil } else { current[path] = change }
    }
    return unique.values.sorted { $0.path < $1.path }
  }

  private mutating func change() -> (path: String, file: SpecFile?) {
    let scope = [Scope.platform, shop, checkout, search][Int.random(in: 0..<4, using: &random)]
    let name = ["a", "b", "c"][Int.random(in: 0..<3, using: &random)]
    let path = "\(scope.path)/\(name).yaml"
    let error = Int.random(in: 0..<8, using: &random) == 0 ? "broken" : nil
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return (path, nil)
    case 1:
      return file(
        path, scope, channel(scope, name, timeout: .seconds(Int.random(in: 1...3, using: &random))), error: error)
    case 2:
      return file(path, scope, route(scope, to: ["a", "b", "c"][Int.random(in: 0..<3, using: &random)]), error: error)
    case 3: return file(path, scope, silence(scope, name), error: error)
    case 4: return file(path, scope, channel(scope, name, calls: definition()), error: error)
    case 5, 6:
      // Two documents of a scope may define the same now and then: an error that holds it.
      let names = Array(Set([definition(), definition()])).sorted()
      let text = String(Int.random(in: 0...1, using: &random))
      let calls = Bool.random(using: &random) ? [definition()].filter { !names.contains($0) } : []
      var document = template(scope, name, names[0], calls: calls, text: text)
      if names.count > 1 { document = template(scope, name, names[0], names[1], calls: calls, text: text) }
      return error == nil
        ? file(path, scope, document) : (path, unreadable(path, document.id))
    default:
      return file(
        path, scope, group(scope, "g", in: "\(name).yaml", hold: Int.random(in: 0...2, using: &random)),
        source(scope, name),
        error: error)
    }
  }

  private mutating func definition() -> String { ["x", "y", "z"][Int.random(in: 0..<3, using: &random)] }

  private func unreadable(_ path: String, _ id: ResourceID) -> SpecFile? {
    guard var broken = file(path, id.scope, error: "broken").file else { return nil }
    broken.unreadable = [id]
    return broken
  }
}
