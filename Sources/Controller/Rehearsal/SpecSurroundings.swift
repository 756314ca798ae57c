import Evaluator
import Model
import Notifier
import Specs

/// What the spec repository around a test file says: settings, routes, channels, silences.
struct SpecSurroundings: Sendable {
  let tree: SpecTree
  private let zones: Zones
  private let resources: [Resource]

  init(_ tree: SpecTree, zones: Zones) {
    self.tree = tree
    self.zones = zones
    resources = tree.scopes.flatMap { Array(tree.resources(in: $0)) }.sorted { $0.id < $1.id }
  }

  /// Everything that notification goes by, as if it had been applied at `start`.
  func configuration(at start: Timestamp, externalURL: String) -> NotifierConfiguration {
    var configuration = NotifierConfiguration(zones: zones, externalURL: externalURL)
    _ = configuration.apply(NotifierChange(set: resources), at: start)
    return configuration
  }

  /// The settings of a scope and of those above it, nearest first.
  func settings(of scope: Scope) -> [ScopeSettings] { scope.lineage.map(tree.settings) }

  /// The rule groups of a scope, in the order of their places.
  func groups(of scope: Scope) -> [Resource] {
    resources.filter { $0.id.scope == scope && $0.id.kind == .ruleGroup }
      .sorted { ($0.origin.file, $0.origin.line) < ($1.origin.file, $1.origin.line) }
  }

  /// The first of a scope and those above it that has errors, so that what it says isn't known.
  func firstUnsound(from scope: Scope) -> Scope? {
    scope.lineage.first { !tree.isSound($0) }
  }

  /// The channel that a name means in a scope: `oncall`, or `platform/oncall` for one of another scope.
  func channel(_ name: String, from scope: Scope) -> ResourceID? {
    guard let slash = name.lastIndex(of: "/") else { return tree.resolve(.channel, name, from: scope) }
    let id = Scope(named: name[..<slash]).map { ResourceID($0, .channel, String(name[name.index(after: slash)...])) }
    return id.flatMap { tree.declares($0) ? $0 : nil }
  }

  /// The names of the channels that a scope sees.
  func channelNames(from scope: Scope) -> [String] {
    Set(scope.lineage.flatMap { tree.resources(in: $0).filter { $0.id.kind == .channel }.map(\.id.name) }).sorted()
  }

  /// How a scope names a channel.
  func name(of channel: ResourceID, from scope: Scope) -> String {
    tree.resolve(.channel, channel.name, from: scope) == channel
      ? channel.name : channel.scope.description + "/" + channel.name
  }
}

extension Scope {
  /// `platform`, `shop`, `shop/checkout`.
  init?(named name: Substring) {
    let parts = name.split(separator: "/" as Character, omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1: self = parts[0] == "platform" ? .platform : .tenant(parts[0])
    case 2: self = .project(tenant: parts[0], project: parts[1])
    default: return nil
    }
  }
}
