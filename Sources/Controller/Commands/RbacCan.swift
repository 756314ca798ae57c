import ArgumentParser
import Diagnostics
import Model
import Reconciler
import Specs

/// `belfry rbac can`: whether somebody may do something with a path, by the bindings of the working tree.
struct RbacCan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "can",
    abstract: "Say whether somebody has a role, or may create, update, delete or read something.",
    discussion: """
      Reads the role bindings of the working tree and prints yes or no, and by which binding. Exits with 0 for yes and 5
      for no.

      Example: belfry rbac can ana@example.com update tenants/shop/checkout/rules.yaml
      Example: belfry rbac can ana@example.com create tenants/shop --kind Channel
      Example: belfry rbac can ana@example.com admin tenants/shop
      Example: belfry rbac can group:shop-oncall read tenants/shop
      """)

  @Argument(help: "An e-mail, or group:NAME, which counts for read only.")
  var user: String
  @Argument(help: "owner, admin, member, viewer; or create, update, delete, read.")
  var wanted: String
  @Argument(help: "A file or folder of the spec repository.")
  var path: String
  @Option(help: "The kind of document, where the path alone doesn't say.")
  var kind: String?

  func run() async throws {
    let specs = try WorkingTreeSpecs(enclosing: path)
    let place = specs.focus
    let isIgnoreFile = place == RepositorySpecs.ignoreFile
    guard let scope = isIgnoreFile ? .platform : Scope(ofPath: place) else {
      throw CommandFailure(.failed, "\(path) lies in no scope: only platform/ and tenants/<tenant>/ have roles")
    }
    let files = await SpecReading.read(
      try specs.sources().filter { $0.path == place || scope.lineage.contains(SpecFile.scope(ofPath: $0.path)) },
      SpecReading.withoutLints)
    let needed = try isIgnoreFile ? neededForIgnoreFile() : needed(in: scope, files.first { $0.path == place }?.file)
    let found = holder(of: needed.role, in: scope, among: files.compactMap(\.file))
    Console.result(answer(found, needed, scope))
    let isAllowed = found.map { $0.role.includes(needed.role) } ?? false
    if !isAllowed { throw Exit.notAuthorised.code }
  }

  /// A role, and what asks for it.
  private struct Need {
    let role: Role
    var what = ""
  }

  private func neededForIgnoreFile() throws -> Need {
    if let role = Role(rawValue: wanted) { return Need(role: role) }
    guard wanted == "read" || ResourceChange.Verb(rawValue: wanted) != nil else { throw unknownWanted }
    return Need(role: wanted == "read" ? .viewer : .admin, what: wanted == "read" ? "" : "to \(wanted) it")
  }

  private func needed(in scope: Scope, _ file: SpecFile?) throws -> Need {
    if let role = Role(rawValue: wanted) { return Need(role: role) }
    if wanted == "read" { return Need(role: .viewer, what: "to read") }
    guard ResourceChange.Verb(rawValue: wanted) != nil else { throw unknownWanted }
    if let kind {
      guard let known = Kind(rawValue: kind) else {
        let near = nearest(to: kind, in: Kind.allCases.map(\.rawValue)).map { "; did you mean '\($0)'?" } ?? ""
        throw CommandFailure(.usage, "--kind '\(kind)': no kind has that name\(near)")
      }
      return Need(role: known.roleNeeded(in: scope), what: "to \(wanted) a \(known.rawValue)")
    }
    guard let file else {
      throw CommandFailure(
        .usage, "\(path) alone doesn't say which role that asks for; add --kind, such as --kind RuleGroup")
    }
    let kinds = Set(file.resources.map(\.id.kind) + file.unreadable.map(\.kind))
    let strictest = kinds.sorted { $0.stage < $1.stage }.map { ($0, $0.roleNeeded(in: scope)) }
      .reduce(nil as (Kind, Role)?) { best, next in
        best.map { next.1.includes($0.1) && next.1 != $0.1 ? next : $0 } ?? next
      }
    guard let (kind, role) = strictest else { return Need(role: .member, what: "to \(wanted) it") }
    return Need(role: role, what: "to \(wanted) its \(kind.rawValue)")
  }

  private var unknownWanted: CommandFailure {
    CommandFailure(
      .usage, "'\(wanted)': owner, admin, member, viewer, create, update, delete and read are accepted")
  }

  /// The highest role that the user has in `scope`, and the binding that gives it.
  private func holder(of needed: Role, in scope: Scope, among files: [SpecFile]) -> (role: Role, place: String)? {
    if user.hasPrefix("group:") { return groupRole(in: scope, among: files) }
    var bindings = Bindings()
    for file in files { if let scope = file.scope { bindings.set(Grant.all(of: file), of: file.path, in: scope) } }
    guard case .role(let role, let grant) = bindings.standing(ofAuthor: user, in: scope) else { return nil }
    return (role, grant.place)
  }

  private func groupRole(in scope: Scope, among files: [SpecFile]) -> (role: Role, place: String)? {
    // Commits carry no groups, so a group only ever reads.
    for file in files where file.scope.map(scope.lineage.contains) ?? false {
      for resource in file.resources {
        guard case .roleBinding(let binding) = resource.spec,
          binding.subjects.contains(.group(String(user.dropFirst(6))))
        else { continue }
        return (.viewer, "RoleBinding \(resource.id.name), \(resource.origin.file):\(resource.origin.line)")
      }
    }
    return nil
  }

  private func answer(_ found: (role: Role, place: String)?, _ needed: Need, _ scope: Scope) -> String {
    let rule = needed.what.isEmpty ? "" : "; \(needed.what) needs \(needed.role.rawValue)"
    guard let found else { return "no: \(user) has no role in \(scope)\(rule)" }
    let word = found.role.includes(needed.role) ? "yes" : "no"
    let what = user.hasPrefix("group:") ? "reads \(scope)" : "is \(found.role.rawValue) of \(scope)"
    return "\(word): \(user) \(what) by \(found.place)\(rule)"
  }
}

extension Scope {
  /// The scope that a file or folder of a spec repository lies in.
  init?(ofPath path: String) {
    if let scope = SpecFile.scope(ofPath: path) {
      self = scope
      return
    }
    guard let scope = SpecFile.scope(ofPath: path + "/x.yaml"), path.contains("/") || path == "platform" else {
      return nil
    }
    self = scope
  }
}

extension [Scope] {
  fileprivate func contains(_ scope: Scope?) -> Bool { scope.map { contains($0) } ?? false }
}
