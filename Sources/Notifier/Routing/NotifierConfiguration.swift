package import Model
import Specs

/// All specs that notification goes by, with their names resolved: route trees, inhibit rules, and the surroundings.
package struct NotifierConfiguration: Sendable {
  package internal(set) var surroundings: Surroundings
  private var routes: [ResourceID: RouteSpec] = [:]
  private var inhibitRules: [ResourceID: InhibitRuleSpec] = [:]
  private var silences: [ResourceID: SilenceSource] = [:]
  private var templates = NotificationTemplates()
  /// The channels by the dispatcher that their scope belongs to: a tenant's change looks at its own only.
  private var channelsByOwner: [Scope: Set<ResourceID>] = [:]
  /// Compiled routes by the dispatcher that their scope belongs to.
  private var trees: [Scope: [ResourceID: RouteTree]] = [:]
  /// The rule groups that have controls, and what they come to, by dispatcher.
  private var controlledGroups: [ResourceID: RuleGroupSpec] = [:]
  private var controls: [Scope: [ResourceID: GroupControls]] = [:]
  private var renamedGroups: [ResourceID: ResourceID] = [:]

  private struct SilenceSource: Sendable {
    var spec: SilenceSpec
    var firstApplied: Timestamp
  }

  /// Which dispatchers a change concerns, and in what.
  package struct Effects: Hashable, Sendable {
    /// Owners whose routes changed; with platform among them, all.
    package var routes: Set<Scope> = []
    /// Owners whose inhibit rules changed.
    package var inhibition: Set<Scope> = []
    /// Channels that are new, different or gone, or are to be made anew since their scope's settings changed.
    package var channels: Set<ResourceID> = []
  }

  package init(zones: Zones = .utcOnly, externalURL: String = "") {
    surroundings = Surroundings(zones: zones, externalURL: externalURL)
  }

  /// The route trees of a dispatcher: those of its own scopes and the platform's; with the controls of its rules.
  package func routes(of owner: Scope) -> RouteSet {
    let own = owner == .platform ? [] : Array((trees[owner] ?? [:]).values)
    return RouteSet(
      own + (trees[.platform] ?? [:]).values,
      controls: RuleControlSet(controls[owner] ?? [:], renamed: renamedGroups))
  }

  /// The inhibit rules of a dispatcher; the platform's are everyone's, and stand in the surroundings.
  package func inhibitRules(of owner: Scope) -> [Inhibitor.Rule] {
    inhibitRules.filter { $0.key.scope.owner == owner }.map { Inhibitor.Rule(id: $0.key, spec: $0.value) }
  }

  /// What a name means in a scope: the nearest resource upwards, or one of the scope itself that isn't there, so that
  /// sending to it fails in words.
  package func resolve(_ kind: Kind, _ name: String, from scope: Scope) -> ResourceID {
    let known = scope.lineage.lazy.map { ResourceID($0, kind, name) }.first { id in
      kind == .channel ? surroundings.channels[id] != nil : surroundings.timeIntervals[id] != nil
    }
    return known ?? ResourceID(scope, kind, name)
  }

  /// How a channel speaks. Language and zone are its own, or those of the nearest scope with one, or English and UTC.
  package func style(of channel: ResourceID) -> MessageStyle {
    let spec = surroundings.channels[channel]
    let settings = channel.scope.lineage.map { surroundings.settings[$0] }
    let zones = [spec?.timezone] + settings.map { $0?.timezone }
    let locales = [spec?.locale] + settings.map { $0?.locale }
    return MessageStyle(
      language: MessageLanguage(locale: locales.lazy.compactMap { $0 }.first),
      zone: zones.lazy.compactMap { $0 }.compactMap { surroundings.zones[$0] }.first ?? .utc,
      severities: severities, mentions: (spec?.mentions ?? []).map(Model.Mention.init(ofMessage:)),
      templates: CompiledTemplates(
        spec?.template ?? MessageTemplates(), library: templates.library(of: channel.scope),
        zones: surroundings.zones))
  }

  /// The platform's list of severities, or the usual one.
  package var severities: SeverityScale { surroundings.settings[.platform]?.severities ?? .standard }
}

extension Scope {
  /// The dispatcher that this scope belongs to.
  package var owner: Scope { tenant.map { .tenant($0) } ?? .platform }
}

// MARK: - Change

extension NotifierConfiguration {
  /// Applies a change and says whom it concerns.
  package mutating func apply(_ change: NotifierChange, at now: Timestamp) -> Effects {
    var effects = Effects()
    var names: Set<Mention> = []
    var silenceChanges = SilenceChanges()
    for id in change.removed { remove(id, &effects, &names, &silenceChanges) }
    for (old, new) in change.renamed where old.kind == .ruleGroup { renamedGroups[old] = new }
    for resource in change.set {
      set(resource, change.firstApplied[resource.id] ?? now, &effects, &names, &silenceChanges)
    }
    recompile(mentioning: names, &effects)
    recompileControls(mentioning: names, &effects)
    resolveRecurrences(of: names, &silenceChanges)
    if !silenceChanges.isEmpty {
      surroundings.silences.apply(
        setting: silenceChanges.changed.compactMap { id in silences[id].map { silence(id, $0) } },
        removing: Array(silenceChanges.removed))
    }
    if effects.inhibition.contains(.platform) {
      surroundings.platformInhibitor = Inhibitor(inhibitRules(of: .platform))
    }
    return effects
  }

  /// A name of a kind in a scope whose meaning may have changed.
  private struct Mention: Hashable {
    let id: ResourceID
    /// Whether the resource came or went; a mere change of its spec leaves references alone.
    let changesReferences: Bool
  }

  private struct SilenceChanges {
    var changed: Set<ResourceID> = []
    var removed: Set<ResourceID> = []

    var isEmpty: Bool { changed.isEmpty && removed.isEmpty }
  }

  private mutating func set(
    _ resource: Resource, _ firstApplied: Timestamp, _ effects: inout Effects, _ names: inout Set<Mention>,
    _ silenceChanges: inout SilenceChanges
  ) {
    let id = resource.id
    switch resource.spec {
    case .platform(let settings), .tenant(let settings), .project(let settings):
      surroundings.settings[id.scope] = settings
      effects.channels.formUnion(channels(seenFrom: id.scope))
    case .route(let route):
      routes[id] = route
      compile(id, route, &effects)
    case .channel(let channel):
      let isNew = surroundings.channels.updateValue(channel, forKey: id) == nil
      channelsByOwner[id.scope.owner, default: []].insert(id)
      effects.channels.insert(id)
      if isNew { names.insert(Mention(id: id, changesReferences: true)) }
    case .timeInterval(let interval):
      let isNew = surroundings.timeIntervals.updateValue(interval, forKey: id) == nil
      names.insert(Mention(id: id, changesReferences: isNew))
    case .silence(let spec):
      silences[id] = SilenceSource(spec: spec, firstApplied: firstApplied)
      silenceChanges.changed.insert(id)
    case .inhibitRule(let rule):
      inhibitRules[id] = rule
      effects.inhibition.insert(id.scope.owner)
    case .ruleGroup(let group): compileControls(id, group, &effects)
    case .template(let spec):
      templates.set(id, spec)
      effects.channels.formUnion(channels(seenFrom: id.scope))
    case .dataSource, .roleBinding, .approval: break
    }
  }

  private mutating func remove(
    _ id: ResourceID, _ effects: inout Effects, _ names: inout Set<Mention>, _ silenceChanges: inout SilenceChanges
  ) {
    switch id.kind {
    case .platform, .tenant, .project:
      surroundings.settings[id.scope] = nil
      effects.channels.formUnion(channels(seenFrom: id.scope))
    case .route:
      routes[id] = nil
      trees[id.scope.owner]?[id] = nil
      effects.routes.insert(id.scope.owner)
    case .channel:
      surroundings.channels[id] = nil
      channelsByOwner[id.scope.owner]?.remove(id)
      effects.channels.insert(id)
      names.insert(Mention(id: id, changesReferences: true))
    case .timeInterval:
      surroundings.timeIntervals[id] = nil
      names.insert(Mention(id: id, changesReferences: true))
    case .silence:
      silences[id] = nil
      silenceChanges.removed.insert(id)
    case .inhibitRule:
      inhibitRules[id] = nil
      effects.inhibition.insert(id.scope.owner)
    case .ruleGroup:
      compileControls(id, nil, &effects)
      renamedGroups = renamedGroups.filter { $0.value != id }
    case .template:
      templates.remove(id)
      effects.channels.formUnion(channels(seenFrom: id.scope))
    case .dataSource, .roleBinding, .approval: break
    }
  }

  /// The channels of a scope and of those below it: all where it is the platform, else some of its tenant's.
  private func channels(seenFrom scope: Scope) -> [ResourceID] {
    if scope == .platform { return Array(surroundings.channels.keys) }
    return (channelsByOwner[scope.owner] ?? []).filter { $0.scope.lineage.contains(scope) }
  }

  private mutating func compile(_ id: ResourceID, _ route: RouteSpec, _ effects: inout Effects) {
    let tree = RouteTree(id, route) { resolve($0, $1, from: id.scope) }
    trees[id.scope.owner, default: [:]][id] = tree
    effects.routes.insert(id.scope.owner)
  }

  /// Compiles the routes anew that may see a resource which came or went, and use its name.
  private mutating func recompile(mentioning names: Set<Mention>, _ effects: inout Effects) {
    let changed = names.filter(\.changesReferences).map(\.id)
    guard !changed.isEmpty else { return }
    for (id, route) in routes {
      let isConcerned = changed.contains { name in
        id.scope.lineage.contains(name.scope) && route.root.uses(name.kind, name.name)
      }
      if isConcerned { compile(id, route, &effects) }
    }
  }

  /// Takes note of the controls of a rule group, or that it is gone; most groups have none.
  private mutating func compileControls(_ id: ResourceID, _ group: RuleGroupSpec?, _ effects: inout Effects) {
    let owner = id.scope.owner
    let new = group.flatMap { GroupControls($0) { resolve(.channel, $0, from: id.scope) } }
    guard controls[owner]?[id] != new else { return }
    controls[owner, default: [:]][id] = new
    controlledGroups[id] = new == nil ? nil : group
    effects.routes.insert(owner)
  }

  private mutating func recompileControls(mentioning names: Set<Mention>, _ effects: inout Effects) {
    let changed = names.filter { $0.changesReferences && $0.id.kind == .channel }.map(\.id)
    guard !changed.isEmpty, !controlledGroups.isEmpty else { return }
    for (id, group) in controlledGroups {
      let isConcerned = changed.contains { channel in
        id.scope.lineage.contains(channel.scope) && group.rules.contains { $0.channels.contains(channel.name) }
      }
      if isConcerned { compileControls(id, group, &effects) }
    }
  }

  private func resolveRecurrences(of names: Set<Mention>, _ changes: inout SilenceChanges) {
    let intervals = names.map(\.id).filter { $0.kind == .timeInterval }
    guard !intervals.isEmpty else { return }
    for (id, source) in silences {
      let isConcerned = intervals.contains {
        $0.name == source.spec.timeInterval && id.scope.lineage.contains($0.scope)
      }
      if isConcerned { changes.changed.insert(id) }
    }
  }

  private func silence(_ id: ResourceID, _ source: SilenceSource) -> Silence {
    let window = source.spec.window(firstApplied: source.firstApplied)
    let interval = source.spec.timeInterval.map { resolve(.timeInterval, $0, from: id.scope) }
    return Silence(
      id: id, matchers: source.spec.matchers, startsAt: window.start, endsAt: window.end,
      // An interval that isn't there contains nothing: the silence waits.
      recurrence: interval.map { surroundings.timeIntervals[$0] ?? TimeIntervalSpec(intervals: []) },
      comment: source.spec.comment, untilResolved: source.spec.acknowledges)
  }
}

extension RouteNode {
  /// Whether this route or one below names a channel or time interval.
  fileprivate func uses(_ kind: Kind, _ name: String) -> Bool {
    let isHere =
      kind == .channel
      ? channels.contains(name) : muteTimeIntervals.contains(name) || activeTimeIntervals.contains(name)
    return isHere || routes.contains { $0.uses(kind, name) }
  }
}
