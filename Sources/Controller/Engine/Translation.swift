import Evaluator
import Model
import Notifier
import Specs

/// How specs become what evaluator and notifier run: the parts that depend on how the controller was started.
struct Translation: Sendable {
  let secrets: any SecretResolver
  let transport: any HTTPTransport
  let egress: EgressPolicy
  let externalURL: String

  init(
    secrets: any SecretResolver, transport: any HTTPTransport, egress: EgressPolicy, externalURL: String
  ) {
    self.secrets = secrets
    self.transport = transport
    self.egress = egress
    self.externalURL = externalURL
  }

  /// What a scope gives to all of its rules; `settings` nearest first.
  func context(of scope: Scope, settings: [ScopeSettings]) -> RuleContext {
    RuleContext(scope: scope, settings: settings, externalURL: externalURL)
  }

  /// A data source as the evaluator uses it; `nil` for another kind.
  func source(_ resource: Resource) -> EvaluatorSource? {
    guard case .dataSource(let spec) = resource.spec else { return nil }
    let source = ResolvingSource(
      id: resource.id, spec: spec, secrets: secrets, transport: transport, egress: egress)
    return EvaluatorSource(
      id: resource.id, source: source, timeout: spec.timeout, concurrency: spec.concurrency, isDefault: spec.isDefault,
      externalURL: spec.address, isShared: spec.tenantLabel != nil)
  }
}

extension DataSourceSpec {
  /// The address for people, without a slash at its end; `""` where only a secret has it.
  fileprivate var address: String {
    let address: String
    switch (externalURL, url) {
    case (let external?, _): address = external
    case (nil, .plain(let text)): address = redactedURL(text)
    case (nil, .secret): address = ""
    }
    return address.hasSuffix("/") ? String(address.dropLast()) : address
  }
}
