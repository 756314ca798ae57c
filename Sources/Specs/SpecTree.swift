import Diagnostics
package import Model

/// A spec repository at one revision: what each scope declares, kept up to date file by file.
///
/// An update costs what changed: declarations are indexed by id, mentions by the name they mention, and only the
/// resources that changed, or that mention a name that came or went, are judged again.
package struct SpecTree: Sendable {
  private var files: [String: FileEntry] = [:]
  private var entries: [Scope: ScopeEntry] = [:]
  private var referrers = ReferrerIndex()
  /// The scopes that have ``ScopeEntry/looseCalls``.
  private var looseScopes: Set<Scope> = []
  private var recorded = RecordedIndex()
  /// `Tenant` and `Project` documents by the former folder that they name in `previous_names`.
  private(set) var claimants: [Scope: Set<ResourceID>] = [:]

  package init() {}

  /// The scopes that have at least one file, in order.
  package var scopes: [Scope] { entries.keys.sorted() }

  /// The number of files read, those ignored not counted.
  package var fileCount: Int { files.count }

  /// Replaces what the given paths say; `nil` takes a file away.
  ///
  /// - Returns: the ids whose declaration came, went or was written anew, and the scopes that were touched.
  @discardableResult
  package mutating func update(_ changes: [(path: String, file: SpecFile?)]) -> TreeChange {
    var change = TreeChange()
    var renamed: [ResourceID] = []
    for (path, file) in changes {
      forget(path, in: &change)
      if let file { learn(file, in: &change) }
    }
    for id in change.resources {
      let exists = declares(id)
      if exists != change.existedBefore.contains(id), id.kind != .template { renamed.append(id) }
      judge(id)
    }
    for id in renamed { judge(referrers(of: id.kind, named: id.name, below: id.scope), in: &change) }
    judgeCallers(in: &change)
    judgeClaims(in: &change)
    for id in change.resources where [.platform, .tenant, .dataSource].contains(id.kind) {
      // Which source is shared, and whose default it is, may have changed for all below. Those that were held are
      // looked at again anyway.
      for scope in entries.keys where scope != id.scope && scope.lineage.contains(id.scope) {
        if hasForeignMentions(scope) { change.scopes.insert(scope) }
      }
    }
    return change
  }

  /// The resource of this id; of several that claim it, the one that was read first.
  package func resource(_ id: ResourceID) -> Resource? {
    entries[id.scope]?.declared[id]?.first
  }

  /// Every resource of a scope, in no order.
  package func resources(in scope: Scope) -> some Sequence<Resource> {
    (entries[scope]?.declared ?? [:]).values.lazy.compactMap(\.first)
  }

  /// What a scope's `Platform`, `Tenant` or `Project` document says, or the defaults.
  package func settings(of scope: Scope) -> ScopeSettings {
    switch resource(Self.settingsID(of: scope))?.spec {
    case .platform(let settings), .tenant(let settings), .project(let settings): return settings
    default: return ScopeSettings()
    }
  }

  /// The id that a scope's settings document has.
  package static func settingsID(of scope: Scope) -> ResourceID {
    switch scope {
    case .platform: ResourceID(scope, .platform, "platform")
    case .tenant(let tenant): ResourceID(scope, .tenant, tenant)
    case .project(_, let project): ResourceID(scope, .project, project)
    }
  }

  /// Whether a scope has no error: what decides if it can be applied.
  package func isSound(_ scope: Scope) -> Bool {
    guard unlistedFolder(above: scope) == nil else { return false }
    guard let entry = entries[scope] else { return true }
    return entry.errorFiles.isEmpty && entry.unresolved.isEmpty && entry.duplicated.isEmpty
      && entry.clashingDefinitions.isEmpty && entry.clashingFiles.isEmpty && !hasTooManyRoutes(scope)
      && !lacksDataSource(scope) && !hasForeignMentions(scope) && !hasBadClaims(scope)
  }

  /// Whether the file at `path` is there and has no error of its own.
  package func isReadable(_ path: String) -> Bool {
    guard let file = files[path], let scope = file.scope else { return false }
    return !(entries[scope]?.errorFiles.contains(path) ?? false)
  }

  /// Whether a scope has any file.
  package func hasFiles(_ scope: Scope) -> Bool { entries[scope] != nil }

  /// Whether there is a file at `path`, or may be one in a folder that can't be opened.
  package func contains(_ path: String) -> Bool { files[path] != nil || isInUnlistedFolder(path) }

  /// Whether every mention of this resource resolves, and nobody else claims its id.
  package func isSound(_ id: ResourceID) -> Bool {
    guard let entry = entries[id.scope] else { return false }
    return entry.declared[id] != nil && entry.unresolved[id] == nil && !entry.duplicated.contains(id)
  }

  /// The resources that mention a name in `scope` or below.
  package func referrers(of kind: Kind, named name: String, below scope: Scope) -> Set<ResourceID> {
    referrers.users(of: kind, named: name, below: scope)
  }

  /// The calls in `scope` of templates that no readable document defines.
  package func looseCalls(in scope: Scope) -> [ResourceID: [Reference]] { entries[scope]?.looseCalls ?? [:] }

  /// Whether a rule of any scope records the metric of this hash.
  func isRecorded(_ hash: UInt64) -> Bool { recorded.isRecorded(hash) }

  /// Whether somebody declares this id, readable or not.
  package func declares(_ id: ResourceID) -> Bool {
    resource(id) != nil || entries[id.scope]?.unreadable[id] != nil
  }

  /// What a mention in `scope` resolves to: the nearest of project, tenant and platform that has the name.
  ///
  /// A declaration that can't be read counts: its own scope is held for it, not those that mention it.
  package func resolve(_ kind: Kind, _ name: String, from scope: Scope) -> ResourceID? {
    if kind == .template { return definer(of: name, from: scope) }
    return scope.lineage.lazy.map { ResourceID($0, kind, name) }.first(where: declares)
  }
}

/// What an update of a ``SpecTree`` touched.
package struct TreeChange: Sendable {
  package fileprivate(set) var resources: Set<ResourceID> = []
  package fileprivate(set) var scopes: Set<Scope> = []
  fileprivate var existedBefore: Set<ResourceID> = []
  /// Definitions of templates that files no longer have, and that files have now; by scope and by their own names.
  fileprivate var goneDefinitions: Set<ResourceID> = []
  fileprivate var newDefinitions: Set<ResourceID> = []
  /// Folders that a `Tenant` or `Project` document claims, or claimed.
  fileprivate var claims: Set<Scope> = []
  /// Where a `Template` was or is that can't be read.
  fileprivate var unreadableTemplates: Set<Scope> = []
}

/// A name that can be mentioned.
struct ReferenceKey: Hashable, Sendable {
  let kind: Kind
  let name: String

  init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  init(_ reference: Reference) {
    self.init(reference.kind, reference.name)
  }
}

/// What is kept of a file besides its resources.
private struct FileEntry: Sendable {
  var scope: Scope?
  var ids: [ResourceID]
}

/// What is kept of a scope.
struct ScopeEntry: Sendable {
  /// Each id with its declarations, in the order of their files; more than one is an error.
  var declared: [ResourceID: [Resource]] = [:]
  var duplicated: Set<ResourceID> = []
  /// Ids that are declared but can't be read, with the files that do.
  var unreadable: [ResourceID: Set<String>] = [:]
  /// Which documents define a template, by its name; more than one is an error.
  var definitions: [String: Set<ResourceID>] = [:]
  var clashingDefinitions: Set<String> = []
  /// Only files that have something to tell.
  var diagnostics: [String: Diagnostics] = [:]
  var errorFiles: Set<String> = []
  var files: Set<String> = []
  /// Folders of which nobody knows what they hold.
  var unlisted: Set<String> = []
  var cases = CaseIndex()
  /// The mentions that resolve to nothing.
  var unresolved: [ResourceID: [Reference]] = [:]
  /// The calls of templates that no readable document defines: unresolved, or what one that can't be read may define.
  var looseCalls: [ResourceID: [Reference]] = [:]
  var routes: Set<ResourceID> = []
  var sources: Set<ResourceID> = []
  var roleBindings: Set<ResourceID> = []
  /// Groups that have a rule which names no data source.
  var groupsOnDefaultSource: Set<ResourceID> = []
  /// What checks of rules need.
  var rules = RuleIndex()
}

extension SpecTree {
  func entry(_ scope: Scope) -> ScopeEntry? { entries[scope] }

  private mutating func forget(_ path: String, in change: inout TreeChange) {
    guard let file = files.removeValue(forKey: path), let scope = file.scope else { return }
    change.scopes.insert(scope)
    for id in file.ids {
      if change.resources.insert(id).inserted, declares(id) { change.existedBefore.insert(id) }
      if id.kind == .template, entries[scope]?.unreadable[id] != nil { change.unreadableTemplates.insert(scope) }
      entries[scope]?.unreadable[id]?.remove(path)
      if entries[scope]?.unreadable[id]?.isEmpty ?? false { entries[scope]?.unreadable[id] = nil }
      let gone = entries[scope]?.remove(id, from: path) ?? []
      for name in gone.lazy.flatMap(\.spec.definitions) {
        change.goneDefinitions.insert(ResourceID(scope, .template, name))
      }
      referrers.remove(id, mentioning: gone.lazy.flatMap(\.references))
      for claim in gone.lazy.flatMap(\.claims) {
        claimants[claim]?.remove(id)
        if claimants[claim]?.isEmpty ?? false { claimants[claim] = nil }
        change.claims.insert(claim)
      }
      for kept in entries[scope]?.declared[id] ?? [] { referrers.insert(kept) }
    }
    if let report = entries[scope]?.rules.remove(path) { change.scopes.formUnion(recorded.remove(report, in: scope)) }
    entries[scope]?.diagnostics[path] = nil
    entries[scope]?.errorFiles.remove(path)
    entries[scope]?.files.remove(path)
    entries[scope]?.cases.remove(path)
    let wasUnlisted = entries[scope]?.unlisted.remove(path) != nil
    if entries[scope]?.files.isEmpty ?? false { entries[scope] = nil }
    if wasUnlisted { forgetFolder(path, in: &change) }
  }

  /// Once a folder can be opened again, what was known of it before is no longer known.
  private mutating func forgetFolder(_ folder: String, in change: inout TreeChange) {
    for path in files.keys.filter({ $0.hasPrefix(folder + "/") }) { forget(path, in: &change) }
    touchBelow(folder, in: &change)
  }

  private func touchBelow(_ folder: String, in change: inout TreeChange) {
    for scope in entries.keys where scope.path.hasPrefix(folder + "/") { change.scopes.insert(scope) }
  }

  private mutating func learn(_ file: SpecFile, in change: inout TreeChange) {
    guard file.content != .ignored, let scope = file.scope else { return }
    change.scopes.insert(scope)
    files[file.path] = FileEntry(scope: scope, ids: file.resources.map(\.id) + file.unreadable)
    for id in file.unreadable {
      if change.resources.insert(id).inserted, declares(id) { change.existedBefore.insert(id) }
      entries[scope, default: .init()].unreadable[id, default: []].insert(file.path)
      if id.kind == .template { change.unreadableTemplates.insert(scope) }
    }
    for resource in file.resources {
      if change.resources.insert(resource.id).inserted, declares(resource.id) {
        change.existedBefore.insert(resource.id)
      }
      entries[scope, default: .init()].insert(resource)
      for name in resource.spec.definitions { change.newDefinitions.insert(ResourceID(scope, .template, name)) }
      referrers.insert(resource)
      for claim in resource.claims {
        claimants[claim, default: []].insert(resource.id)
        change.claims.insert(claim)
      }
    }
    entries[scope, default: .init()].files.insert(file.path)
    entries[scope]?.cases.insert(file.path)
    if file.isUnlistedFolder {
      entries[scope]?.unlisted.insert(file.path)
      touchBelow(file.path, in: &change)
    }
    entries[scope]?.rules.insert(file.lints, of: file.path)
    change.scopes.formUnion(recorded.insert(file.lints, in: scope))
    if !file.diagnostics.isEmpty { entries[scope]?.diagnostics[file.path] = file.diagnostics }
    if file.diagnostics.hasErrors { entries[scope]?.errorFiles.insert(file.path) }
  }

  /// Looks again at what calls a template that came or went. One that can't be read may have had any name.
  private mutating func judgeCallers(in change: inout TreeChange) {
    for definition in change.goneDefinitions.symmetricDifference(change.newDefinitions) {
      judge(referrers(of: .template, named: definition.name, below: definition.scope), in: &change)
    }
    guard !change.unreadableTemplates.isEmpty else { return }
    let lower = looseScopes.filter { !change.unreadableTemplates.isDisjoint(with: $0.lineage) }
    for scope in lower { judge(Set(looseCalls(in: scope).keys), in: &change) }
  }

  /// The document whose definition a call in `scope` means. One that can't be read counts, whatever the name: its own
  /// scope is held for it, not those that call it.
  private func definer(of name: String, from scope: Scope) -> ResourceID? {
    readableDefiner(of: name, from: scope)
      ?? scope.lineage.lazy.compactMap { entries[$0]?.unreadable.keys.filter { $0.kind == .template }.min() }.first
  }

  private func readableDefiner(of name: String, from scope: Scope) -> ResourceID? {
    scope.lineage.lazy.compactMap { entries[$0]?.definitions[name]?.min() }.first
  }

  /// Looks again at who says that it was a folder which came or went, or which somebody else claims or claimed.
  private func judgeClaims(in change: inout TreeChange) {
    guard !claimants.isEmpty else { return }
    for scope in change.scopes.union(change.claims) {
      for place in scope.lineage { for claimant in claimants[place] ?? [] { change.scopes.insert(claimant.scope) } }
    }
  }

  /// Whether a tenant has a project with files.
  func hasProjects(_ tenant: String) -> Bool {
    entries.keys.contains { $0.tenant == tenant && $0.project != nil }
  }

  private mutating func judge(_ ids: Set<ResourceID>, in change: inout TreeChange) {
    for id in ids {
      judge(id)
      change.scopes.insert(id.scope)
    }
  }

  /// Looks again at the mentions of one resource.
  private mutating func judge(_ id: ResourceID) {
    let references = resource(id)?.references ?? []
    let dangling = references.filter { resolve($0.kind, $0.name, from: id.scope) == nil }
    let loose = references.filter { $0.kind == .template && readableDefiner(of: $0.name, from: id.scope) == nil }
    entries[id.scope]?.unresolved[id] = dangling.isEmpty ? nil : dangling
    entries[id.scope]?.looseCalls[id] = loose.isEmpty ? nil : loose
    let isLoose = !(entries[id.scope]?.looseCalls.isEmpty ?? true)
    if isLoose { looseScopes.insert(id.scope) } else { looseScopes.remove(id.scope) }
  }
}

extension ScopeEntry {
  /// Adds a declaration; several of one id stand in the order of their places.
  fileprivate mutating func insert(_ resource: Resource) {
    let id = resource.id
    declared[id, default: []].append(resource)
    if let all = declared[id], all.count > 1 {
      declared[id] = all.sorted { ($0.origin.file, $0.origin.line) < ($1.origin.file, $1.origin.line) }
      duplicated.insert(id)
    }
    switch resource.spec {
    case .route: routes.insert(id)
    case .dataSource: sources.insert(id)
    case .roleBinding: roleBindings.insert(id)
    case .ruleGroup(let group) where group.usesDefaultSource: groupsOnDefaultSource.insert(id)
    case .template(let template):
      for name in template.definitions {
        definitions[name, default: []].insert(id)
        if definitions[name, default: []].count > 1 { clashingDefinitions.insert(name) }
      }
    default: break
    }
  }

  /// Takes away the declarations that stand in the file at `path`, and returns them.
  fileprivate mutating func remove(_ id: ResourceID, from path: String) -> [Resource] {
    let all = declared[id] ?? []
    let kept = all.filter { $0.origin.file != path }
    declared[id] = kept.isEmpty ? nil : kept
    if kept.count < 2 { duplicated.remove(id) }
    if kept.isEmpty {
      routes.remove(id)
      sources.remove(id)
      roleBindings.remove(id)
      unresolved[id] = nil
      looseCalls[id] = nil
    }
    groupsOnDefaultSource.remove(id)
    if case .ruleGroup(let group)? = kept.first?.spec, group.usesDefaultSource { groupsOnDefaultSource.insert(id) }
    let gone = all.filter { $0.origin.file == path }
    for name in Set(gone.flatMap(\.spec.definitions)).subtracting(kept.flatMap(\.spec.definitions)) {
      definitions[name]?.remove(id)
      if definitions[name]?.isEmpty ?? true { definitions[name] = nil }
      if definitions[name, default: []].count < 2 { clashingDefinitions.remove(name) }
    }
    return gone
  }
}

extension RuleGroupSpec {
  /// Whether some alerting rule is evaluated on the scope's default data source.
  package var usesDefaultSource: Bool {
    dataSource == nil && rules.contains { $0.dataSource == nil && $0.purpose == .alert }
  }
}
