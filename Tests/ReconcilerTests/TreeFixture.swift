import Diagnostics
import Model
import PromQL
import Reconciler
import Specs

/// Builds spec files without YAML, so that planning is tested by itself.
func file(_ path: String, _ scope: Scope, _ resources: Resource..., error: String? = nil) -> (
  path: String, file: SpecFile?
) {
  var diagnostics = Diagnostics()
  if let error { diagnostics.error("test", error, at: SourceSpan(file: path, range: line(1))) }
  let placed = resources.map { resource in
    Resource(
      id: resource.id, spec: resource.spec, previousNames: resource.previousNames,
      origin: Origin(file: path, line: resource.origin.line, document: 0, format: resource.origin.format),
      nameRange: resource.nameRange, references: resource.references)
  }
  return (path, SpecFile(path: path, scope: scope, content: .specs, resources: placed, diagnostics: diagnostics))
}

func line(_ line: Int) -> SourceRange {
  SourceRange(SourcePosition(line: line, column: 1), SourcePosition(line: line, column: 2))
}

func resource(
  _ scope: Scope, _ kind: Kind, _ name: String, _ spec: Spec, uses references: [Reference] = [],
  previously: [String] = [], format: Origin.Format = .belfry
) -> Resource {
  Resource(
    id: ResourceID(scope, kind, name), spec: spec, previousNames: previously,
    origin: Origin(file: "", line: 1, document: 0, format: format), nameRange: line(1), references: references)
}

func source(_ scope: Scope = .platform, _ name: String = "main") -> Resource {
  var spec = DataSourceSpec(.prometheus, url: .plain("http://127.0.0.1:9090"))
  spec.isDefault = true
  return resource(scope, .dataSource, name, .dataSource(spec))
}

func channel(_ scope: Scope, _ name: String, timeout: Duration = .seconds(10)) -> Resource {
  var pool = EndpointPool([ChannelEndpoint(url: .plain("http://127.0.0.1/" + name))])
  pool.timeout = timeout
  return resource(scope, .channel, name, .channel(ChannelSpec(destination: .webhook(WebhookSpec(pool: pool)))))
}

/// A channel whose messages call a template.
func channel(_ scope: Scope, _ name: String, calls template: String) -> Resource {
  var spec = ChannelSpec(destination: .console)
  spec.template.text = "{{ template \"\(template)\" . }}"
  return resource(
    scope, .channel, name, .channel(spec), uses: [Reference(.template, template, at: line(3))])
}

/// A document that defines these, each of which calls `others`.
func template(_ scope: Scope, _ name: String, _ definitions: String..., calls others: [String] = [], text: String = "")
  -> Resource
{
  let calls = others.map { "{{ template \"\($0)\" . }}" }.joined()
  let blocks = definitions.map { "{{ define \"\($0)\" }}\(text)\(calls){{ end }}" }
  return resource(
    scope, .template, name, .template(TemplateSpec(text: blocks.joined(), definitions: definitions.sorted())),
    uses: others.map { Reference(.template, $0, at: line(4)) })
}

func route(_ scope: Scope, to channel: String) -> Resource {
  var root = RouteNode()
  root.channels = [channel]
  return resource(
    scope, .route, "default", .route(RouteSpec(root: root)), uses: [Reference(.channel, channel, at: line(2))])
}

/// A group as a native rule file gives it.
func group(_ scope: Scope, _ name: String, in file: String = "rules.yaml", rules count: Int = 1, hold: Int = 0)
  -> Resource
{
  let rules = (0..<count).map { index in
    var rule = Rule(.alert, name: "Alert\(index)", expression: Expression("up == \(index)"))
    rule.hold = .seconds(hold)
    return rule
  }
  return resource(
    scope, .ruleGroup, file + ":" + name, .ruleGroup(RuleGroupSpec(name: name, rules: rules)), format: .ruleFile)
}

func silence(_ scope: Scope, _ name: String) -> Resource {
  var spec = SilenceSpec(matchers: [Matcher("alertname", equals: "X")], comment: "work")
  spec.duration = .seconds(3600)
  return resource(scope, .silence, name, .silence(spec))
}

let shop = Scope.tenant("shop")
let checkout = Scope.project(tenant: "shop", project: "checkout")
let search = Scope.project(tenant: "shop", project: "search")

func revision(_ number: Int) -> Revision {
  let digits = String(number)
  let hex = String(repeating: "0", count: 40 - digits.utf8.count) + digits
  return Revision(ref: "main", commit: ObjectID(hex) ?? zero)
}

private let zero = ObjectID(String(repeating: "0", count: 40)).unsafelyUnwrapped

extension Reconciler {
  /// Sees, plans and applies in one go.
  @discardableResult
  mutating func sync(_ number: Int, _ files: [(path: String, file: SpecFile?)], at now: Timestamp = .epoch) -> Plan {
    see(files)
    let plan = plan(for: revision(number), at: now)
    applied(plan)
    return plan
  }
}

extension Plan {
  /// One line for each step and decision, as tests read them.
  var lines: [String] {
    scopes.flatMap { plan -> [String] in
      let head: [String]
      switch plan.decision {
      case .apply: head = []
      case .hold(let reason): head = ["\(plan.scope): held \(reason.rawValue)"]
      case .suspend: head = ["\(plan.scope): suspended"]
      }
      return head
        + plan.steps.map { step in
          switch step {
          case .create: "+ \(step.id)"
          case .update: "~ \(step.id)"
          case .move(let from, _): "> \(from.id.name) to \(step.id)"
          case .delete: "- \(step.id)"
          }
        } + plan.retained.map { "= \($0.id) used by \($0.usedBy.map(\.description).joined(separator: ", "))" }
    }
  }
}
