import Model
import Specs

/// What a revision takes away, until something new turns out to go on from it.
struct GoneResources {
  private var resources: [ResourceID: Resource] = [:]
  /// Rule groups by their own names, which a moved file leaves alone.
  private var groups: [String: Set<ResourceID>] = [:]

  var all: some Collection<Resource> { resources.values }

  mutating func insert(_ resource: Resource) {
    resources[resource.id] = resource
    if case .ruleGroup(let group) = resource.spec { groups[group.name, default: []].insert(resource.id) }
  }

  mutating func remove(_ resource: Resource) {
    resources[resource.id] = nil
    if case .ruleGroup(let group) = resource.spec { groups[group.name]?.remove(resource.id) }
  }

  /// The resource that `desired` goes on from: the same one in the scope's former folder, one of its previous names, or
  /// a group that is equal in content and name.
  func predecessor(of desired: Resource, in former: Scope?) -> Resource? {
    let id = desired.id
    if let former {
      let isSettings = id == SpecTree.settingsID(of: id.scope)
      let same = isSettings ? SpecTree.settingsID(of: former) : ResourceID(former, id.kind, id.name)
      if let found = resources[same] { return found }
    }
    for name in desired.previousNames {
      for scope in [id.scope, former].compactMap({ $0 }) {
        if let found = resources[ResourceID(scope, id.kind, name)] { return found }
      }
    }
    guard case .ruleGroup(let group) = desired.spec else { return nil }
    let candidates = (groups[group.name] ?? []).compactMap { resources[$0] }.filter { $0.origin.format != .belfry }
    let equal = candidates.filter { $0.digest == desired.digest }
    return (equal.isEmpty && candidates.count == 1 ? candidates : equal).min { $0.id < $1.id }
  }
}
