import Diagnostics
import Model
import YAML

extension AlertmanagerSpec {
  static let fieldNames = EndpointPool.fieldNames.filter { $0 != "secret" }

  private static let names: FieldNames = {
    var names = FieldNames("alertmanager", fieldNames)
    names.answers = EndpointPool.answers
    names.answers["static_configs"] = "write endpoints: [{url: …}], one for each member of the cluster"
    names.answers["path_prefix"] = "write it as part of 'url'"
    names.answers["scheme"] = "write it as part of 'url'"
    names.answers["api_version"] = "v2 is spoken, the only one since Alertmanager 0.27; remove it"
    names.answers["secret"] = "an Alertmanager checks no signatures; use basic_auth or bearer_token"
    names.answers["send_resolved"] = "write it beside 'alertmanager'"
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading), let pool = EndpointPool(fields, &reading) else { return nil }
    self.init(pool: pool)
    guard let list = fields["endpoints"] else { return }
    for (index, endpoint) in pool.endpoints.enumerated() where endpoint.signingSecret != nil {
      reading.warning(
        .noEffect, "an Alertmanager checks no signatures, so 'secret' does nothing",
        at: list.items?[safe: index]?.range ?? list.range, fix: "remove it")
    }
  }
}

extension [YAMLNode] {
  fileprivate subscript(safe index: Int) -> YAMLNode? { indices.contains(index) ? self[index] : nil }
}
