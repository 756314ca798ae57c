import Diagnostics
import Model
import Notifier
import Specs
import Testing

/// A time in tests: seconds after 2026-11-20 08:00 UTC, a Friday.
func at(_ seconds: Int) -> Timestamp { start + .seconds(seconds) }

let start = CivilTime(year: 2026, month: 11, day: 20, hour: 8).instant()

let shop = Scope.tenant("shop")
let checkout = Scope.project(tenant: "shop", project: "checkout")
let oncall = ResourceID(shop, .channel, "oncall")
let chat = ResourceID(shop, .channel, "chat")

/// A firing alert.
func alert(
  _ labels: Labels, in scope: Scope = shop, firedAt: Timestamp = start, value: Double = 1,
  annotations: [Label] = [], rule: String = "rule", file: String = "tenants/shop/rules.yaml"
) -> Alert {
  Alert(
    scope: scope, labels: labels, annotations: annotations, state: .firing, value: value, activeAt: firedAt,
    firedAt: firedAt,
    rule: RuleReference(
      group: ResourceID(scope, .ruleGroup, "rules.yaml:group"), rule: rule, provenance: Provenance(file: file, line: 7)),
    generatorURL: "")
}

extension Alert {
  func resolved(at instant: Timestamp) -> Alert {
    var alert = self
    alert.state = .resolved
    alert.resolvedAt = instant
    return alert
  }

  var fires: AlertTransition {
    AlertTransition(from: .pending, alert: self, reason: .heldLongEnough, at: firedAt ?? activeAt)
  }

  func resolves(at instant: Timestamp) -> AlertTransition {
    AlertTransition(from: .firing, alert: resolved(at: instant), reason: .conditionEnded, at: instant)
  }
}

/// A route: `matchers` as in YAML.
func route(
  _ matchers: [Matcher] = [], _ channels: [String] = [], groupBy: RouteNode.GroupBy? = nil, wait: Int? = nil,
  interval: Int? = nil, repeats: Int? = nil, continues: Bool = false, mute: [String] = [], active: [String] = [],
  _ routes: [RouteNode] = []
) -> RouteNode {
  var node = RouteNode()
  node.channels = channels
  node.matchers = matchers
  node.groupBy = groupBy
  node.groupWait = wait.map { .seconds($0) }
  node.groupInterval = interval.map { .seconds($0) }
  node.repeatInterval = repeats.map { .seconds($0) }
  node.continues = continues
  node.muteTimeIntervals = mute
  node.activeTimeIntervals = active
  node.routes = routes
  return node
}

func matcher(_ text: String) throws -> Matcher {
  try #require(try MatcherList(parsing: text).matchers.first)
}

func matchers(_ texts: String...) throws -> [Matcher] { try texts.map(matcher) }

func tree(_ root: RouteNode, in scope: Scope = shop, always: Bool = false, name: String = "default") -> RouteTree {
  var spec = RouteSpec(root: root)
  spec.always = always
  return RouteTree(ResourceID(scope, .route, name), spec) { ResourceID(scope, $0, $1) }
}

/// A resource as a plan would give it.
func resource(_ id: ResourceID, _ spec: Spec) -> Resource {
  let position = SourcePosition(line: 1, column: 1)
  return Resource(
    id: id, spec: spec, origin: Origin(file: "f.yaml", line: 1, document: 0, format: .belfry),
    nameRange: SourceRange(position, position))
}

/// The group that `alert` takes for its rules, with rules as in YAML.
func ruleGroup(in scope: Scope = shop, _ rules: String...) throws -> Resource {
  let text = "apiVersion: belfry/v1\nkind: RuleGroup\nmetadata: {name: group}\nspec:\n  rules:\n"
  let lines = rules.map { "  - " + $0 + "\n" }.joined()
  let file = SpecFile.parse(path: "tenants/shop/rules.yaml", bytes: Array((text + lines).utf8), options: SpecOptions())
  let spec = try #require(file.resources.first, "\(file.diagnostics.all.map(\.message))").spec
  return resource(ResourceID(scope, .ruleGroup, "rules.yaml:group"), spec)
}

func channel(_ id: ResourceID, sendResolved: Bool = true) -> Resource {
  var spec = ChannelSpec(destination: .console)
  spec.sendResolved = sendResolved
  return resource(id, .channel(spec))
}

func silence(
  _ name: String, in scope: Scope = shop, _ matchers: [Matcher], from: Timestamp, to: Timestamp
) -> Resource {
  var spec = SilenceSpec(matchers: matchers, comment: "work")
  spec.startsAt = from
  spec.endsAt = to
  return resource(ResourceID(scope, .silence, name), .silence(spec))
}

func fingerprints(_ numbers: [UInt64]) -> [Fingerprint] { numbers.map(Fingerprint.init(value:)) }
