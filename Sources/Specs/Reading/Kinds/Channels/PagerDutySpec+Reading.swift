import Diagnostics
import Model
import YAML

extension PagerDutySpec {
  static let fieldNames = ["routing_key", "api_url", "details", "timeout", "tls_config", "proxy_url", "headers"]

  private static let names: FieldNames = {
    var names = FieldNames("pagerduty", fieldNames)
    let key = "the routing key is the credential; write routing_key: {secret: <name>}"
    names.answers = [
      "service_key": "that belongs to the Events API v1; write routing_key: {secret: <name>}",
      "routing_key_file": "specs name no files; write routing_key: {secret: <name>}",
      "service_key_file": "specs name no files; write routing_key: {secret: <name>}",
      "url": "write 'api_url'", "endpoints": "a service has one address; write 'api_url' where it isn't the usual one",
      "severity": "it follows from the label 'severity' by the platform's list of severities",
      "basic_auth": key, "authorization": key, "bearer_token": key,
      "images": "charts are not rendered, so there are none", "http_config": "write its fields here",
      "send_resolved": "write it beside 'pagerduty'",
    ]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let key = fields.required("routing_key", &reading, fix: "add routing_key: {secret: <name>}")
        .flatMap({ reading.secret($0, "a routing key") })
    else { return nil }
    let url = fields["api_url"].flatMap { reading.addressOrSecret($0) }
    self.init(routingKey: key, url: url ?? .plain(Self.usualAddress))
    pool.http = HTTPSettings(fields, &reading)
    if let timeout = fields["timeout"].flatMap({ reading.duration($0, allowsZero: false) }) { pool.timeout = timeout }
    details = fields["details"].map { reading.labels($0, .annotations) } ?? []
  }
}
